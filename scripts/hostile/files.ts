/**
 * The built agent and firmware on truncated and corrupted files: one file and one position at a
 * time. Each must start, keep its bound devices, answer, and end in an orderly way.
 */

import { rm } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../hal/common/errors.ts';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { Random } from '../../sim/time/random.ts';
import { agentCase, idleMedia, type LivedAgent, livedAgent } from './agent-case.ts';
import { calibrated, firmwareCase, PAUSE_FILE } from './firmware-case.ts';
import { type Figure, figure, type HostileOptions, type HostileRun } from './run.ts';
import type { Shipped } from './shipped.ts';

/** Starts a process on these files; rejects with its error. */
type Case = (files: ReadonlyMap<string, Buffer>) => Promise<Shipped>;

/** Concurrent runs: starting needs a processor. */
const AT_ONCE = 2;

export const files: HostileRun = async (options) => {
  const clock = new SystemClock();
  const agent = await livedAgent(clock);
  const socket = path.join(agent.folder, 'media.sock');
  const media = await idleMedia(socket);
  try {
    const seen = new Seen(options);
    await seen.all(agent.files, agentCase(clock, options.root, agent, socket));
    const paused = Buffer.from('{"paused":true,"sessionSeen":true}');
    const body = new Map([
      [PAUSE_FILE, paused],
      ['calibration.json', calibrated],
    ]);
    await seen.all(body, firmwareCase(clock, options.root));
    return { figures: seen.figures, broken: seen.broken, facts: { starts: seen.starts } };
  } finally {
    await media.close();
    await forget(agent);
  }
};

class Seen {
  readonly figures: Figure[] = [];
  readonly broken: string[] = [];
  starts = 0;

  constructor(private readonly options: HostileOptions) {}

  async all(whole: ReadonlyMap<string, Buffer>, run: Case): Promise<void> {
    for (const [name, bytes] of whole) {
      const times: number[] = [];
      const left = damagesOf(bytes, this.options);
      const worker = async (): Promise<void> => {
        for (let damage = left.shift(); damage; damage = left.shift()) {
          const since = performance.now();
          const wrong = await outcome(run, new Map([...whole, [name, damage.bytes]]));
          times.push(performance.now() - since);
          if (wrong !== undefined) this.broken.push(`${name} ${damage.how}: ${wrong}`);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      this.starts += times.length;
      this.figures.push(figure(`${name}: started, answered, ended`, times));
      this.options.log(`${name}: ${times.length} starts, ${this.broken.length} broken so far`);
    }
  }
}

async function outcome(
  run: Case,
  damaged: ReadonlyMap<string, Buffer>,
): Promise<string | undefined> {
  try {
    const process = await run(damaged);
    return await process.stop();
  } catch (error) {
    return messageOf(error);
  }
}

async function forget({ folder }: LivedAgent): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

interface Damage {
  /** For people: `cut at 12`. */
  readonly how: string;
  readonly bytes: Buffer;
}

/** A file truncated at some positions, or at every byte, and corrupted at some. */
function damagesOf(whole: Buffer, options: HostileOptions): Damage[] {
  const { every, count, seed } = options;
  const random = new Random(seed + whole.length);
  const all = Array.from({ length: whole.length }, (_, at) => at);
  const some = (): number[] =>
    Array.from({ length: count }, () => Math.floor(random.next() * whole.length));
  const cuts = (every ? all : [0, ...some()]).map((at) => ({
    how: `cut at ${at} of ${whole.length}`,
    bytes: whole.subarray(0, at),
  }));
  const bites = some().map((at) => {
    const bit = Math.floor(random.next() * 8);
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
    return { how: `bit ${bit} of byte ${at} of ${whole.length} flipped`, bytes };
  });
  return [...cuts, ...bites];
}
