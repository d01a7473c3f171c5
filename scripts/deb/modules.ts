/** Which packages of node_modules the robot needs, and which of their files. Pure. */

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/**
 * Declared as dependencies, never loaded on the robot: types, and the headers that add-ons are
 * compiled with.
 */
const NOT_LOADED = /^(@types\/.*|undici-types|type-fest|tagged-tag|nan)$/;

/** Prebuilt for one platform each; ours is fetched by itself, so that any machine builds for any. */
const PREBUILT = /^@roamhq\/wrtc-/;

/** Keys of the lock file (`node_modules/…`) that `names` need, themselves included, sorted. */
export function packagesFor(names: readonly string[], lock: LockFile): string[] {
  const found = new Set<string>();
  const add = (from: string, name: string): void => {
    if (NOT_LOADED.test(name) || PREBUILT.test(name)) return;
    const key = resolve(from, name, lock);
    if (key === undefined || found.has(key)) return;
    found.add(key);
    const { dependencies, optionalDependencies } = lock.packages[key] ?? {};
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) add(key, next);
  };
  for (const name of names) add('', name);
  return [...found].sort();
}

/** As Node looks for a package: beside the one that asks, then further out. */
function resolve(from: string, name: string, lock: LockFile): string | undefined {
  for (
    let folder = from;
    ;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))
  ) {
    const key = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (key in lock.packages) return key;
    if (folder === '') return undefined;
  }
}

const IDLE_FOLDERS =
  /(^|\/)(tests?|docs?|examples?|integration-test|benchmarks?|coverage|\.[^/]+)\//;
const IDLE_FILES =
  /(\.(md|markdown|map|flow|ya?ml|gypi?|cc|cpp|h|tgz|sh|html|css|ico|tsbuildinfo)|\.[cm]?ts|tsconfig.*\.json|(^|\/)test[^/]*\.js|(^|\/)\.[^/]+)$/i;
/** Bundles for browsers and what installing left behind, by package. */
const IDLE_IN: Readonly<Record<string, RegExp>> = {
  mqtt: /^(dist|build\/bin)\//,
  pino: /^(bin|browser)\.js$/,
  // The reader alone; other programs write codes, or are for browsers.
  'zxing-wasm': /^dist\/(cjs|full|iife|miniprogram|writer|es\/(full|writer))\//,
  'fast-xml-parser': /^(lib\/(?!fxp\.cjs$)|src\/cli\/)/,
};

/** Whether Node could load the file (path inside its package), or the licence asks for it. */
export function isNeeded(name: string, file: string): boolean {
  if (/(^|\/)(licen[cs]e|copying|notice)/i.test(file)) return !/\.[cm]?[jt]s$/.test(file);
  // Add-ons are compiled for the bundled Node.
  if (/^build\//.test(file) && /\.(node|o|d|mk|a)$|Makefile$/.test(file)) return false;
  return !IDLE_FOLDERS.test(file) && !IDLE_FILES.test(file) && !IDLE_IN[name]?.test(file);
}

/** The robot's package.json: without it Node would take the bundles for CommonJS. */
export function manifestOf(version: string): string {
  return `${JSON.stringify({ name: 'deskmate', version, private: true, type: 'module' }, null, 2)}\n`;
}
