/** Paths of the installed robot, and reading its files. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config as AgentConfig } from '../../../agent/config.ts';
import type { ConfigPlace } from '../../../hal/common/config-layers.ts';

/** Where a robot's configuration is. */
const CONFIG_FOLDER = '/etc/deskmate';
/** The package installs defaults beside the program; a checkout has none. */
const OWN_FOLDER = path.dirname(fileURLToPath(import.meta.url));

export interface Places {
  readonly agent: ConfigPlace;
  readonly firmware: ConfigPlace;
  readonly media: ConfigPlace;
}

/** By `--config`, else DESKMATE_CONFIG, else as the package installs it. */
export function placesOf(flag: string | undefined, env: NodeJS.ProcessEnv): Places {
  const folder = path.resolve(flag ?? (env.DESKMATE_CONFIG || CONFIG_FOLDER));
  const place = (name: string): ConfigPlace => {
    const defaults = path.join(OWN_FOLDER, name);
    return { config: path.join(folder, name), ...(existsSync(defaults) && { defaults }) };
  };
  return {
    agent: place('agent.json'),
    firmware: place('firmware.json'),
    media: place('media.json'),
  };
}

/** `code` as Node names it (ENOENT, EACCES), for a file that could not be read. */
type Loaded<C> =
  | { readonly ok: true; readonly config: C }
  | { readonly ok: false; readonly code: string; readonly why: string };

export async function loadAgentConfig({ agent }: Places): Promise<Loaded<AgentConfig>> {
  // Loaded when they are needed: `deskmate help` must start fast.
  const [{ configFrom }, { ConfigError }, { readLayers }] = await Promise.all([
    import('../../../agent/config.ts'),
    import('../../../hal/common/config-file.ts'),
    import('../../../hal/common/config-layers.ts'),
  ]);
  try {
    return { ok: true, config: configFrom(readLayers(agent), () => {}).config };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { ok: false, code: error.code ?? 'EINVAL', why: error.message };
  }
}
