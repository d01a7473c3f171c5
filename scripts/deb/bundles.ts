import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';

/** What runs on a robot; each is a bundle of scripts/build.mjs. */
const entries = [
  'firmware.js',
  'agent.js',
  'media.js',
  // A thread of media, which names its file and does not import it.
  'code-worker.js',
  'linux-drivers.js',
  'deskmate.js',
] as const;

/** Of the fleet service, which runs on a server: the command says so where they are missing. */
const NOT_ON_A_ROBOT: ReadonlySet<string> = new Set(['fastify', 'libsql', 'pg', 'prom-client']);

interface Bundles {
  /** Entries and every chunk they reach, relative to dist/. */
  readonly files: readonly string[];
  /** Names of packages that they load. */
  readonly packages: readonly string[];
}

/** Follows the imports of what was built: chunks of the simulator stay behind. */
export async function traceBundles(dist: string): Promise<Bundles> {
  const missing = entries.filter((entry) => !existsSync(path.join(dist, entry)));
  if (missing.length > 0)
    throw new Error(
      `${dist}: expected ${missing.join(', ')}; build first (node scripts/build.mjs)`,
    );
  const { metafile } = await build({
    entryPoints: entries.map((entry) => path.join(dist, entry)),
    absWorkingDir: dist,
    outdir: 'nowhere',
    write: false,
    bundle: true,
    splitting: true,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  const external = Object.values(metafile.inputs)
    .flatMap(({ imports }) => imports)
    .filter((one) => one.external && !isBuiltin(one.path))
    .map((one) => packageOf(one.path));
  return {
    files: Object.keys(metafile.inputs).sort(),
    packages: [...new Set(external)].filter((name) => !NOT_ON_A_ROBOT.has(name)).sort(),
  };
}

/** `@scope/name/sub/path` belongs to `@scope/name`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
