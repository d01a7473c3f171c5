/**
 * A camera's processor cost and the latency of its pictures to the agent: 720p at 30/s through the
 * shipped driver, in this process and its child. For comparison, at the same time: the same
 * pipeline without transfer to us (into `fakesink`), and read by a program that discards it
 * (`cat`). The camera is GStreamer's moving test picture, whose share is measured alone.
 */

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { laptop } from '../../hal/boards/laptop.ts';
import { median } from '../../hal/common/statistics.ts';
import type { CameraSource } from '../../hal/linux/camera/camera-source.ts';
import { openCamera } from '../../hal/linux/camera/open-camera.ts';
import { pipelineWords } from '../../hal/linux/camera/pipeline-words.ts';
import { PluggableSource, testSource } from '../../hal/linux/camera/testing/test-source.ts';
import { ChildPrograms } from '../../hal/linux/gst/child-programs.ts';
import { SystemClock } from '../../hal/linux/time/system-clock.ts';
import { delay } from '../../hal/ports/clock.ts';
import { type Bench, type Result, result } from './result.ts';

const SIZE = { width: 1280, height: 720 };
const FPS = 30;
const ROUNDS = 3;
const WARM_UP_MS = 1_500;
const ROUND_MS = 5_000;
/** A round, and what a busy machine needs to begin with it. */
const FILM_FRAMES = ((WARM_UP_MS + ROUND_MS) / 1_000 + 6) * FPS;
/** USER_HZ of Linux: the unit of /proc/PID/stat. */
const TICKS_PER_S = 100;

const clock = () => new SystemClock();

export const ioCameraBench: Bench = async ({ log }) => {
  const folder = mkdtempSync(join(tmpdir(), 'deskmate-bench-'));
  try {
    const film = join(folder, 'film.mkv');
    await makeFilm(film);
    const raw = testSource(SIZE, FPS);
    return [
      ...(await compare('camera_720p30', raw, log)),
      ...(await compare('camera_720p30_mjpeg', filmSource(film), log)),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
};

async function compare(
  name: string,
  source: CameraSource,
  log: (line: string) => void,
): Promise<Result[]> {
  const all = pipelineWords(source, SIZE, FPS);
  const toFakesink = [...all.slice(0, all.indexOf('gdppay')), 'fakesink'];
  const alone = [...source.words, '!', 'fakesink'];
  const rows = { ours: [], cat: [], fakesink: [], alone: [] } as Record<string, number[]>;
  const delays: number[] = [];
  const inside: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const ours = await measureOurs(source);
    const fakesink = await measureProgram('gst-launch-1.0', ['-q', ...toFakesink], TRACED);
    rows.ours?.push(ours.cpuPercent);
    delays.push(median(ours.delaysMs));
    inside.push(median(latencies(fakesink.said)));
    rows.fakesink?.push((await measureProgram('gst-launch-1.0', ['-q', ...toFakesink])).cpuPercent);
    rows.cat?.push((await measureProgram('sh', ['-c', INTO_CAT, 'sh', ...all])).cpuPercent);
    rows.alone?.push((await measureProgram('gst-launch-1.0', ['-q', ...alone])).cpuPercent);
  }
  const { ours = [], cat = [], fakesink = [], alone: ofSource = [] } = rows;
  log(
    `${name}: ${median(delays).toFixed(2)} ms to the agent, ${median(ours).toFixed(1)} % of a core, ` +
      `of which the test picture itself takes ${median(ofSource).toFixed(1)} %`,
  );
  return [
    result(`${name}_to_agent_p50`, 'ms', delays, { in_the_pipeline_alone: inside }),
    result(`${name}_cpu`, '%', ours, { pipeline_into_cat: cat, pipeline_into_fakesink: fakesink }),
    result(`${name}_cpu_of_source`, '%', ofSource, { whole: ours }),
  ];
}

interface Measured {
  readonly cpuPercent: number;
  readonly delaysMs: readonly number[];
}

/** The shipped driver: this process and its child. */
async function measureOurs(source: CameraSource): Promise<Measured> {
  const time = clock();
  const child = new PluggableSource();
  const camera = await openCamera(
    laptop.camera,
    { clock: time, board: laptop, logLine: (line) => process.stderr.write(`${line}\n`) },
    { find: async () => source, programs: child.over(new ChildPrograms(time)) },
  );
  const delaysMs: number[] = [];
  let measuring = false;
  await camera.start(SIZE, FPS, ({ capturedAtMs }) => {
    if (measuring) delaysMs.push(time.now() - capturedAtMs);
  });
  await delay(time, WARM_UP_MS);
  measuring = true;
  const pids = [process.pid, ...(child.pid === undefined ? [] : [child.pid])];
  const cpuPercent = await cpuOf(pids);
  await camera.close();
  if (delaysMs.length < (FPS * ROUND_MS) / 2_000)
    throw new Error(`only ${delaysMs.length} frames came in ${ROUND_MS / 1_000} s`);
  return { cpuPercent, delaysMs };
}

/** Elements' share of the way: what the tracer logs from the source's pad to the sink. */
const TRACED = { GST_TRACERS: 'latency', GST_DEBUG: 'GST_TRACER:7', GST_DEBUG_NO_COLOR: '1' };

function latencies(said: string): number[] {
  return [...said.matchAll(/ latency, .*?\btime=\(guint64\)(\d+)/g)].map(
    (hit) => Number(hit[1]) / 1e6,
  );
}

/** Our pipeline's fd 3 into a program that discards it. */
const INTO_CAT = 'gst-launch-1.0 -q "$@" 3>&1 >/dev/null | cat >/dev/null';

async function measureProgram(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ cpuPercent: number; said: string }> {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const said: Buffer[] = [];
  child.stderr.on('data', (bytes: Buffer) => said.push(bytes));
  const ended = new Promise((resolve) => child.once('close', resolve));
  await delay(clock(), WARM_UP_MS);
  const pid = child.pid ?? 0;
  const cpuPercent = await cpuOf([pid, ...childrenOf(pid)]);
  // The whole group: a shell's children too.
  process.kill(-pid, 'SIGKILL');
  await ended;
  return { cpuPercent, said: Buffer.concat(said).toString() };
}

/** Percent of one core over a round. */
async function cpuOf(pids: readonly number[]): Promise<number> {
  const time = clock();
  const before = { ms: time.now(), s: cpuSeconds(pids) };
  await delay(time, ROUND_MS);
  return ((cpuSeconds(pids) - before.s) / (time.now() - before.ms)) * 1_000 * 100;
}

/** proc(5): fields 14 and 15 are user and system time; the name before them may hold spaces. */
function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
  }, 0);
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

/** Encoding would cost more than all else, so the camera's pictures are encoded beforehand. */
async function makeFilm(file: string): Promise<void> {
  const words = testSource(SIZE, FPS, { coding: 'jpeg' }).words;
  const film = words.map((word) => (word === 'is-live=true' ? `num-buffers=${FILM_FRAMES}` : word));
  const args = ['-q', ...film, '!', 'matroskamux', '!', 'filesink', `location=${file}`];
  const child = spawn('gst-launch-1.0', args, { stdio: 'inherit' });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`gst-launch-1.0 could not make the pictures (code ${code})`);
}

/** Pictures are read from the file at the camera's rate. */
function filmSource(file: string): CameraSource {
  return {
    name: 'camera (film)',
    words: ['filesrc', `location=${file}`, '!', 'matroskademux', '!', 'identity', 'sync=true'],
    coding: 'jpeg',
    size: SIZE,
    fps: FPS,
  };
}
