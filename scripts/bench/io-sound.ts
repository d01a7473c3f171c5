/**
 * Sound through the shipped pipeline: latency of a sample to the agent, cost of the pipeline,
 * residual echo, and intelligibility of a simultaneous speaker (double talk). The
 * first two in real time, beside the same pipeline without processing; the others on the shipped
 * canceller in a simulated room, faster than real time, beside other settings of it.
 */

import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Child, ProgramPlan } from '../../hal/bus/child.ts';
import { median } from '../../hal/common/statistics.ts';
import { ChildPrograms } from '../../hal/linux/gst/child-programs.ts';
import { openSound } from '../../hal/linux/sound/open-sound.ts';
import { dspWords } from '../../hal/linux/sound/pipeline.ts';
import { testEnds } from '../../hal/linux/sound/testing/test-ends.ts';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { delay } from '../../hal/ports/clock.ts';
import { CHUNK_SAMPLES } from '../../hal/ports/media.ts';
import { type Bench, type Result, result } from './result.ts';
import { convergenceMs, erleDb, erleOverTime, nearFigures } from './sound/figures.ts';
import { processed } from './sound/offline.ts';
import { makeScene } from './sound/scene.ts';

const ROUNDS = 3;
const ROUND_MS = 5_000;
/** USER_HZ of Linux: the unit of /proc/PID/stat. */
const TICKS_PER_S = 100;
const SEEDS = [11, 23, 47];
const GOAL_DB = 20;

export const ioSoundBench: Bench = async ({ log }) => [
  ...(await cost(log)),
  ...echo(log),
  ...doubleTalk(log),
];

async function cost(log: (line: string) => void): Promise<Result[]> {
  const rows = { full: [] as Run[], raw: [] as Run[] };
  for (let round = 0; round < ROUNDS; round++)
    for (const processing of ['full', 'raw'] as const) rows[processing].push(await run(processing));
  const pick = (processing: 'full' | 'raw', of: keyof Run) => rows[processing].map((r) => r[of]);
  log(
    `sound: a chunk reaches the agent ${median(pick('full', 'tookMs')).toFixed(2)} ms after it entered the pipeline, ` +
      `${median(pick('full', 'cpu')).toFixed(1)} % of a core, first chunk after ${median(pick('full', 'startMs')).toFixed(0)} ms`,
  );
  return [
    result('microphone_to_agent_p50', 'ms', pick('full', 'tookMs'), { raw: pick('raw', 'tookMs') }),
    result('sound_cpu', '%', pick('full', 'cpu'), { raw: pick('raw', 'cpu') }),
    result('sound_start', 'ms', pick('full', 'startMs'), { raw: pick('raw', 'startMs') }),
  ];
}

interface Run {
  readonly tookMs: number;
  readonly cpu: number;
  readonly startMs: number;
}

/** The microphone is a pipe that gets a chunk each 10 ms; its latency to us is measured. */
async function run(processing: 'full' | 'raw'): Promise<Run> {
  const clock = new SystemClock();
  const folder = mkdtempSync(join(tmpdir(), 'deskmate-bench-'));
  const wire = join(folder, 'microphone');
  spawnSync('mkfifo', [wire]);
  // Open for reading too, or it would wait for its reader.
  const room = openSync(wire, 'r+');
  const watched = new Watched(new ChildPrograms(clock));
  const ends = { ...testEnds(join(folder, 'played')), source: () => pipeSource(wire) };
  const wiring = { system: 'alsa', input: 'test', output: 'test', echoDelayMs: 0 } as const;
  const sound = await openSound(
    wiring,
    { clock, logLine: () => {} },
    { programs: watched, ends, processing },
  );
  const chunk = new Uint8Array(2 * CHUNK_SAMPLES).fill(3);
  const voice = new Int16Array(CHUNK_SAMPLES).fill(500);
  const sentMs: number[] = [];
  const tookMs: number[] = [];
  const beat = clock.every(10, () => {
    // A pipe holds 64 KB: nothing may be put in before the pipeline takes it.
    if (sentMs.length > 50) return;
    sentMs.push(clock.now());
    writeSync(room, chunk);
    sound.speaker.write(voice);
  });
  try {
    const beganMs = clock.now();
    let firstMs: number | undefined;
    await sound.speaker.start();
    await sound.microphone.start(() => {
      firstMs ??= clock.now();
      tookMs.push(clock.now() - (sentMs.shift() ?? Number.NaN));
    });
    while (firstMs === undefined) await delay(clock, 20);
    await delay(clock, 1_000);
    const before = watched.cpuTicks();
    tookMs.length = 0;
    await delay(clock, ROUND_MS);
    const ticks = watched.cpuTicks() - before;
    return {
      tookMs: median(tookMs),
      cpu: (100 * ticks) / TICKS_PER_S / (ROUND_MS / 1_000),
      startMs: firstMs - beganMs,
    };
  } finally {
    beat.cancel();
    await sound.close();
    closeSync(room);
    rmSync(folder, { recursive: true });
  }
}

function pipeSource(wire: string): string[] {
  const parse = 'rawaudioparse format=pcm pcm-format=s16le sample-rate=48000 num-channels=1';
  return `filesrc name=microphone location=${wire} blocksize=960 ! ${parse}`.split(' ');
}

/** Records the started processes, to read their cost. */
class Watched {
  private child: Child | undefined;

  constructor(private readonly programs: ChildPrograms) {}

  async start(plan: ProgramPlan): Promise<Child> {
    this.child = await this.programs.start(plan);
    return this.child;
  }

  cpuTicks(): number {
    const stat = readFileSync(`/proc/${this.child?.pid}/stat`, 'utf8');
    const [, user = 0, system = 0] = /\) (?:\S+ ){11}(\d+) (\d+)/.exec(stat) ?? [];
    return Number(user) + Number(system);
  }
}

function echo(log: (line: string) => void): Result[] {
  const rows = { shipped: [], moderate: [], converged: [], again: [] } as Record<string, number[]>;
  for (const seed of SEEDS) {
    const changeMs = 10_000;
    const { played, heard } = makeScene({ seed, delayMs: 15, changeMs });
    const out = processed(played, heard);
    rows.shipped?.push(erleDb(heard, out, 3_000, changeMs));
    rows.converged?.push(convergenceMs(heard, out, 0));
    rows.again?.push(convergenceMs(heard, out, changeMs));
    const moderate = processed(played, heard, setting('moderate'));
    rows.moderate?.push(erleDb(heard, moderate, 3_000, changeMs));
    const seconds = erleOverTime(heard, out, 1_000).map((db) => db.toFixed(0));
    log(`echo in room ${seed}, dB each second, another room after 10 s: ${seconds.join(' ')}`);
  }
  const { shipped = [], moderate = [], converged = [], again = [] } = rows;
  return [
    result('echo_return_loss', 'dB', shipped, { needed: [GOAL_DB], moderate_level: moderate }),
    result('echo_converged', 'ms', converged, { limit: [5_000] }),
    result('echo_converged_again', 'ms', again, { limit: [5_000] }),
  ];
}

function doubleTalk(log: (line: string) => void): Result[] {
  const rows = { after: [], before: [], moderate: [], gain: [] } as Record<string, number[]>;
  for (const seed of SEEDS) {
    const nearMs = 7_000;
    const { played, near, heard } = makeScene({ seed, delayMs: 15, nearMs, sentences: [0, 3, 6] });
    const ours = nearFigures(near, heard, processed(played, heard), nearMs);
    const other = nearFigures(near, heard, processed(played, heard, setting('moderate')), nearMs);
    rows.after?.push(ours.stoiAfter);
    rows.before?.push(ours.stoiBefore);
    rows.moderate?.push(other.stoiAfter);
    rows.gain?.push(ours.gainDb);
    log(
      `double talk in room ${seed}: STOI ${ours.stoiBefore.toFixed(2)} -> ${ours.stoiAfter.toFixed(2)} ` +
        `(moderate level ${other.stoiAfter.toFixed(2)}), level ${ours.gainDb.toFixed(1)} dB, segmental SNR ` +
        `${ours.segmentalBeforeDb.toFixed(1)} -> ${ours.segmentalAfterDb.toFixed(1)} dB`,
    );
  }
  const { after = [], before = [], moderate = [], gain = [] } = rows;
  return [
    result('double_talk_stoi', '', after, { with_the_echo: before, moderate_level: moderate }),
    result('double_talk_near_gain', 'dB', gain, { limit: [-6] }),
  ];
}

const setting = (level: string): string =>
  dspWords(true).replace('echo-suppression-level=low', `echo-suppression-level=${level}`);
