/** `npm run fleet`: many simulated robots, a status line while they run, and what became of records. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { type Clock, delay } from '../../hal/ports/clock.ts';
import { EXIT_USAGE, UsageError } from '../arguments.mjs';
import { type PlannedFault, plannedFaults } from './faults.ts';
import { type FleetOptions, readFleetOptions } from './options.ts';
import { type Outcome, openRig, type Rig } from './rig.ts';

const CLOCK_JUMP_MS = 3 * 365 * 86_400_000;
const SLOW_DISK_MS = 400;
/** Robots that a clock jump or a slow disk meets. */
const SHARE = 0.2;

/** Resolves with the exit code: 1 when a record was lost or doubled. */
async function main(argv: readonly string[], clock: Clock): Promise<number> {
  const options = readFleetOptions(argv);
  const folder = await mkdtemp(path.join(tmpdir(), 'deskmate-fleet-'));
  const write = (text: string): void => void process.stdout.write(text);
  let ended = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (ended) process.exit(1);
      ended = true;
    });
  try {
    write(`${options.robots.length} robots get their keys and schools ...\n`);
    const since = clock.now();
    const rig = await openRig(
      {
        ...{ ...options, service: true, httpPort: 0, folder },
        swarmScript: fileURLToPath(new URL('fleet-robots.js', import.meta.url)),
        gates: options.faults.includes('region'),
      },
      clock,
    );
    write(`ready after ${((clock.now() - since) / 1_000).toFixed(0)} s; they connect\n`);
    await run(rig, options, clock, () => ended, write);
    const outcome = await rig.stop();
    write(`\n${summary(outcome)}\n`);
    return outcome.lost + outcome.doubled > 0 ? 1 : 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(
  rig: Rig,
  options: FleetOptions,
  clock: Clock,
  ended: () => boolean,
  write: (text: string) => void,
): Promise<void> {
  const start = clock.now();
  const faults = [...plannedFaults(options.faults, options.seconds, options.seed)];
  rig.swarm.connect();
  for (;;) {
    const atS = (clock.now() - start) / 1_000;
    if (ended() || atS >= options.seconds) return;
    for (let next = faults[0]; next && next.atS <= atS; next = faults[0]) {
      faults.shift();
      write(`\n${atS.toFixed(0)} s: ${next.kind}\n`);
      void happen(next, rig, options, clock);
    }
    const { connected, inLesson, records, memory } = await rig.swarm.look();
    const day = new Date(options.startWallMs + atS * 1_000 * options.speed);
    const when = day.toUTCString().slice(0, 22);
    const megabytes = (memory / 2 ** 20).toFixed(0);
    write(
      `\r${when}  ${connected} connected, ${inLesson} in lessons, ${records} records, ${megabytes} MB  `,
    );
    await delay(clock, 1_000);
  }
}

async function happen(
  { kind, lastsS, whom }: PlannedFault,
  { broker, swarm }: Rig,
  { robots }: FleetOptions,
  clock: Clock,
): Promise<void> {
  const lastsMs = lastsS * 1_000;
  const from = Math.floor(whom * robots.length * (1 - SHARE));
  const some = { from, until: from + Math.ceil(robots.length * SHARE) };
  switch (kind) {
    case 'broker':
      return broker.restart(lastsMs);
    case 'region': {
      const { school = '' } = robots[Math.floor(whom * robots.length)] ?? {};
      swarm.network(school, false);
      await delay(clock, lastsMs);
      return swarm.network(school, true);
    }
    case 'clock':
      swarm.fault({ kind: 'jump', ms: -CLOCK_JUMP_MS, ...some });
      await delay(clock, lastsMs);
      return swarm.fault({ kind: 'jump', ms: CLOCK_JUMP_MS, ...some });
    case 'disk':
      swarm.fault({ kind: 'disks', slowMs: SLOW_DISK_MS, ...some });
      await delay(clock, lastsMs);
      return swarm.fault({ kind: 'disks', slowMs: 0, ...some });
  }
}

const summary = ({ promised, stored, waiting, lost, doubled }: Outcome): string =>
  `usage records: ${promised} made, ${stored} in the store, ${waiting} on robots' disks, ` +
  `${lost} lost, ${doubled} doubled`;

main(process.argv.slice(2), new SystemClock()).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`fleet: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(error instanceof UsageError ? EXIT_USAGE : 1);
  },
);
