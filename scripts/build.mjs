/**
 * Builds what runs: the processes (dist/*.js) and the web pages (dist/pages/). All Node bundles are
 * one build that shares its chunks: an error class of the HAL thrown by a driver module is then the
 * same class in the process that catches it, and the firmware still loads nothing but its own part.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import * as esbuild from 'esbuild';
import { EXIT_USAGE, readArguments, UsageError } from './arguments.mjs';
import { pageShell } from './page-shell.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const dist = path.join(root, 'dist');
/** The product's pages, and the simulator's beside them. */
const pagesFrom = [path.join(root, 'agent/pages'), path.join(root, 'sim/console')];
const pagesTo = path.join(dist, 'pages');
const speechFrom = path.join(root, 'sim/classroom/speech');
const speechTo = path.join(dist, 'speech');

const processes = {
  firmware: 'firmware/firmware-main.ts',
  agent: 'agent/agent-main.ts',
  media: 'agent/media/media-main.ts',
  'code-worker': 'agent/media/code-worker.ts',
  sim: 'sim/sim-main.ts',
  'sim-drivers': 'sim/body/driver-module.ts',
  'camera-worker': 'sim/body/media/camera-worker.ts',
  'fleet-robots': 'sim/fleet/swarm-main.ts',
  'fleet-rig': 'scripts/fleet-rig/fleet-main.ts',
  'fleet-demo': 'scripts/fleet-rig/demo-main.ts',
  bench: 'scripts/bench/bench-main.ts',
  'latency-sender': 'scripts/bench/latency/ours-process.ts',
  hostile: 'scripts/hostile/hostile-main.ts',
  deskmate: 'scripts/deskmate/deskmate-main.ts',
  station: 'scripts/station/station-process.ts',
  'linux-drivers': 'hal/linux/driver-module.ts',
};

/** Resolves with its duration; rejects when a source does not compile. */
export async function build() {
  const start = performance.now();
  await mkdir(dist, { recursive: true });
  const kept = (
    await Promise.all([buildProcesses(), buildPages(), writeShells(), copyAssets()])
  ).flat();
  const packed = await packPages(kept);
  await removeOld(dist, new Set([...kept, ...packed]));
  await esbuild.stop();
  return { ms: Math.round(performance.now() - start) };
}

async function buildProcesses() {
  const entryPoints = Object.entries(processes).map(([out, file]) => ({
    out,
    in: path.join(root, file),
  }));
  return bundle({
    entryPoints,
    outdir: dist,
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'linked',
    define: { DESKMATE_BUILT_S: String(await builtSeconds()) },
    // Beside the entries: modules find their workers and assets relative to themselves.
    chunkNames: '[name]-[hash]',
  });
}

/**
 * Earliest plausible time of a clock. Reproducible: SOURCE_DATE_EPOCH where the packager sets it,
 * else the newest commit in git; never this machine's clock, which may be ahead.
 */
async function builtSeconds() {
  const said = Number(process.env.SOURCE_DATE_EPOCH);
  if (said > 0) return said;
  const git = promisify(execFile)('git', ['log', '-1', '--format=%ct'], { cwd: root });
  const { stdout } = await git.catch(() => ({ stdout: '' }));
  return Number(stdout.trim()) || 0;
}

async function buildPages() {
  const entry = /^([a-z]+)\/(\1-main|[a-z-]+\.(worklet|worker))\.ts$/;
  const found = await pageFiles((file) => entry.test(file));
  return bundle({
    entryPoints: found.map(([from, file]) => ({
      in: path.join(from, file),
      // pupil/pupil-main.ts becomes /pupil/main.js, the name used by servers and pages.
      out: file.slice(0, -3).replace(/[a-z]+-main$/, 'main'),
    })),
    outdir: pagesTo,
    platform: 'browser',
    target: ['es2022', 'chrome109', 'firefox115', 'safari16.4'],
    minify: true,
    sourcemap: 'linked',
    chunkNames: 'chunks/[name]-[hash]',
  });
}

async function bundle(options) {
  const result = await esbuild.build({
    bundle: true,
    format: 'esm',
    splitting: true,
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
    absWorkingDir: root,
    ...options,
  });
  return Object.keys(result.metafile.outputs).map((file) => path.join(root, file));
}

async function writeShells() {
  const pages = await pageFiles((file) => /^[a-z]+\/page\.json$/.test(file));
  return Promise.all(
    pages.map(async ([from, file]) => {
      const page = path.dirname(file);
      const to = path.join(pagesTo, page, 'index.html');
      await mkdir(path.dirname(to), { recursive: true });
      await writeFile(to, await pageShell(path.join(from, page)));
      return to;
    }),
  );
}

/** Assets besides code and HTML: CSS and pictures of pages; recorded speech. */
async function copyAssets() {
  const pages = await pageFiles((file) => !/\.(ts|md|json|html)$/.test(file));
  const speech = (file) => !/\.(ts|md|mjs|sh)$/.test(file);
  const copies = [
    ...pages.map(([from, file]) => [path.join(from, file), path.join(pagesTo, file)]),
    ...(await filesBelow(speechFrom, speech)).map((file) => [
      file,
      moved(file, speechFrom, speechTo),
    ]),
  ];
  await Promise.all(copies.map(([from, to]) => cp(from, to)));
  return copies.map(([, to]) => to);
}

const [brotli, gzip] = [promisify(zlib.brotliCompress), promisify(zlib.gzip)];

/** Precompressed files for web servers, at the highest compression. */
const packings = {
  '.br': {
    pack: (text) => brotli(text),
    unpack: promisify(zlib.brotliDecompress),
  },
  '.gz': { pack: (text) => gzip(text, { level: 9 }), unpack: promisify(zlib.gunzip) },
};
/** Smaller files fit in one packet in any case. */
const WORTH_PACKING_BYTES = 1_400;

/** Writes `<file>.br` and `<file>.gz` beside text of the pages; resolves with what it wrote. */
async function packPages(files) {
  const texts = files.filter(
    (file) => file.startsWith(pagesTo + path.sep) && /\.(js|css|html|svg|json)$/.test(file),
  );
  const packed = await Promise.all(
    texts.map(async (file) => {
      const text = await readFile(file);
      if (text.length < WORTH_PACKING_BYTES) return [];
      return Promise.all(
        Object.entries(packings).map(([ending, packing]) =>
          packOne(`${file}${ending}`, text, packing),
        ),
      );
    }),
  );
  return packed.flat();
}

/** Compressing all takes a second, decompressing almost nothing: files that are right are kept. */
async function packOne(file, text, { pack, unpack }) {
  const before = await readFile(file)
    .then(unpack)
    .catch(() => undefined);
  // Never older than its source: a server would take it for one of another build.
  if (before?.equals(text)) await utimes(file, new Date(), new Date());
  else await writeFile(file, await pack(text));
  return file;
}

/**
 * Removes pages, speech and chunks of earlier builds once the new ones exist, so that a running
 * simulator never misses one. Nothing else in `folder` is removed, and its other folders are not
 * read: a root file system being built there has unreadable ones.
 */
export async function removeOld(folder, kept) {
  const chunk = /-[A-Z0-9]{8}\.js(\.map)?$/;
  const chunks = (await readdir(folder)).filter((name) => chunk.test(name));
  const below = ['pages', 'speech'].map((name) => filesBelow(path.join(folder, name), () => true));
  const ours = [
    ...chunks.map((name) => path.join(folder, name)),
    ...(await Promise.all(below)).flat(),
  ];
  const old = ours.filter((file) => !kept.has(file));
  await Promise.all(old.map((file) => rm(file, { force: true })));
}

/** Files of all pages: the folder of pages and the path below it, with slashes. */
async function pageFiles(wanted) {
  const found = pagesFrom.map(async (from) => {
    const below = await filesBelow(from, (file) => wanted(slashed(path.relative(from, file))));
    return below.map((file) => [from, slashed(path.relative(from, file))]);
  });
  return (await Promise.all(found)).flat();
}

async function filesBelow(folder, wanted) {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter(wanted);
}

const slashed = (file) => file.split(path.sep).join('/');
const moved = (file, from, to) => path.join(to, path.relative(from, file));

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  begin(process.argv.slice(2)).catch((error) => {
    if (error instanceof UsageError) console.error(`build: ${error.message}`);
    else if (!error.errors) console.error(error); // esbuild has printed its own, with file and line
    process.exit(error instanceof UsageError ? EXIT_USAGE : 1);
  });
}

async function begin(args) {
  const { values } = readArguments(args, {
    usage: 'node scripts/build.mjs [--quiet]',
    options: { quiet: { type: 'boolean' } },
  });
  const { ms } = await build();
  if (!values.quiet) console.log(`built dist/ in ${(ms / 1000).toFixed(1)} s`);
}
