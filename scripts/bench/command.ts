import { readArguments, UsageError } from '../arguments.mjs';
import type { Bench, Result } from './result.ts';

const benches: Record<string, { what: string; load: () => Promise<Bench> }> = {
  latency: {
    what: 'glass-to-glass latency and encoding cost beside Chromium and GStreamer',
    load: async () => (await import('./latency.ts')).latencyBench,
  },
  motion: {
    what: 'a 90 degree turn against the theoretical minimum',
    load: async () => (await import('./motion.ts')).motionBench,
  },
  jitter: {
    what: '100 Hz tick jitter and command-to-write time while streaming',
    load: async () => (await import('./jitter.ts')).jitterBench,
  },
  start: {
    what: 'start to ready, and request to first frame: here, and through relays (root)',
    load: async () => (await import('./start.ts')).startBench,
  },
  footprint: {
    what: 'memory and CPU of all processes while streaming 720p',
    load: async () => (await import('./footprint.ts')).footprintBench,
  },
  io: {
    what: 'camera, sound, I2C and GPIO: time and cost on the way (boots a VM)',
    load: async () => (await import('./io.ts')).ioBench,
  },
  journal: {
    what: 'what an acknowledged record costs the disk, beside a queue that rewrites its file',
    load: async () => (await import('./journal.ts')).journalBench,
  },
  fleet: {
    what: '10,000 robots with TLS: memory, traffic, a broker that restarts, records (25 minutes)',
    load: async () => (await import('./fleet.ts')).fleetBench,
  },
  render: {
    what: 'time to draw one frame of the simulated camera',
    load: async () => (await import('./render.ts')).renderBench,
  },
};

function usage(): string {
  const rows = Object.entries(benches).map(([name, bench]) => `  ${name.padEnd(10)} ${bench.what}`);
  return ['npm run bench -- <name> [--json]', '', ...rows, ''].join('\n');
}

function table(results: readonly Result[]): string {
  const figure = (value: number): string => (Number.isFinite(value) ? value.toPrecision(3) : '-');
  return results
    .map((row) => {
      const peers = Object.entries(row.peers).map(([name, value]) => `${name} ${figure(value)}`);
      const head = `${row.metric.padEnd(24)} ${figure(row.ours).padStart(8)} ${row.unit.padEnd(4)}`;
      return `${head}  beside ${peers.join(', ')}  ratio ${figure(row.ratio)}  (${row.runs} runs)`;
    })
    .join('\n');
}

interface Output {
  out(text: string): void;
  err(text: string): void;
}

/** Resolves with the exit code; rejects with UsageError. */
export async function runBench(args: readonly string[], { out, err }: Output): Promise<number> {
  const { values, words } = readArguments(args, {
    usage: usage(),
    options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    words: [0, 1],
  });
  if (values.help) {
    out(usage());
    return 0;
  }
  const [name] = words;
  if (name === undefined) throw new UsageError(`Which benchmark?\n${usage()}`);
  const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (!bench) throw new UsageError(`No benchmark is called '${name}'\n${usage()}`);
  const run = await bench.load();
  const results = await run({ log: (line) => err(`${line}\n`) });
  out(`${table(results)}\n`);
  if (values.json) out(`${JSON.stringify({ name, results })}\n`);
  return 0;
}
