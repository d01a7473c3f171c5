/** Where the installed robot keeps what, and how it is read for people. */

import path from 'node:path';
import { type Config as AgentConfig, parseConfig as parseAgent } from '../../../agent/config.ts';
import { ConfigError } from '../../../hal/common/config-file.ts';
import { codeOf } from '../../../hal/common/errors.ts';
import { readTextFile, TextFileError } from '../../../hal/common/text-file.ts';

/** Where the package puts the configuration. */
const CONFIG_FOLDER = '/etc/deskmate';

export interface Places {
  readonly agentConfig: string;
  readonly firmwareConfig: string;
}

/** By `--config`, else DESKMATE_CONFIG, else as the package installs it. */
export function placesOf(flag: string | undefined, env: NodeJS.ProcessEnv): Places {
  const folder = path.resolve(flag ?? (env.DESKMATE_CONFIG || CONFIG_FOLDER));
  return {
    agentConfig: path.join(folder, 'agent.json'),
    firmwareConfig: path.join(folder, 'firmware.json'),
  };
}

/** `code` as Node names it (ENOENT, EACCES), for a file that could not be read. */
export type Loaded<C> =
  | { readonly ok: true; readonly config: C }
  | { readonly ok: false; readonly code: string; readonly why: string };

export async function loadAgentConfig({ agentConfig }: Places): Promise<Loaded<AgentConfig>> {
  let text: string;
  try {
    text = readTextFile(agentConfig);
  } catch (error) {
    const code = codeOf(error) ?? 'EIO';
    return {
      ok: false,
      code,
      why: `${agentConfig}: ${error instanceof TextFileError ? error.message : code}`,
    };
  }
  try {
    return { ok: true, config: parseAgent(text) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { ok: false, code: 'EINVAL', why: `${agentConfig}: ${error.message}` };
  }
}
