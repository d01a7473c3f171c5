import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { PictureSize } from './picture.ts';
import type { Measured } from './pupil-page.ts';
import type { Pupil, Sender } from './senders.ts';

const FPS = 30;
const DISPLAY_HZ = 60;
/** Bandwidth estimators, rate control and jitter buffers have settled by then. */
const SETTLE_MS = 6_000;
/** With fewer readable frames than this share of those sent, the round is invalid. */
const MIN_SHARE = 0.6;

export interface Round extends Measured {
  /** Of one core, by the sending process and those below it. */
  readonly cpuPercent: number;
}

/** Connects, lets it settle, measures for `seconds`, and ends the connection. */
export async function runRound(
  page: Page,
  sender: Sender,
  size: PictureSize,
  seconds: number,
): Promise<Round> {
  await page.evaluate((width) => {
    window.pupil = new window.PupilPage(width);
  }, size.width);
  const running = await sender.start(pupilOn(page), size, freeRunningPeriodMs(seconds));
  try {
    await sleep(SETTLE_MS);
    await page.evaluate(() => window.pupil.mark());
    const before = { cpu: cpuMs(running.pid), at: performance.now() };
    await sleep(seconds * 1_000);
    const cpu = cpuMs(running.pid) - before.cpu;
    const cpuPercent = (cpu / (performance.now() - before.at)) * 100;
    const measured = await page.evaluate(() => window.pupil.measured());
    checkFigures(sender, size, measured, seconds);
    return { ...measured, cpuPercent };
  } finally {
    await page.evaluate(() => window.pupil.close());
    await running.stop();
  }
}

/**
 * A camera runs free of the display. With exactly 30 frames a second each round would meet the
 * display's 60 Hz at one phase and be up to 16 ms better or worse by luck: with this period it
 * meets each phase once in `seconds`.
 */
function freeRunningPeriodMs(seconds: number): number {
  return 1_000 / FPS + 1_000 / DISPLAY_HZ / (seconds * FPS);
}

function pupilOn(page: Page): Pupil {
  return {
    offer: () => page.evaluate(() => window.pupil.offer()),
    accept: (answer) => page.evaluate((sdp) => window.pupil.accept(sdp), answer),
    answer: (offer) => page.evaluate((sdp) => window.pupil.answer(sdp), offer),
  };
}

function checkFigures(
  sender: Sender,
  size: PictureSize,
  { latenciesMs, unreadable, width }: Measured,
  seconds: number,
): void {
  const what = `${sender.name} at ${size.width}x${size.height}`;
  if (latenciesMs.length < FPS * seconds * MIN_SHARE) {
    const frames = `${latenciesMs.length} frames read, ${unreadable} unreadable`;
    throw new Error(`${what}: ${frames} in ${seconds} s; expected about ${FPS * seconds}`);
  }
  if (width !== size.width) throw new Error(`${what}: arrived ${width} pixels wide`);
}

/** USER_HZ is 100 on every Linux of today. */
const MS_PER_TICK = 10;

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

/** CPU time in milliseconds that a process and all below it have used so far; 0 when it is gone. */
function cpuMs(root: number): number {
  const rows = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .flatMap(read);
  const below = (pid: number): number =>
    rows
      .filter((row) => row.parent === pid)
      .reduce((sum, row) => sum + row.ticks + below(row.pid), 0);
  const own = rows.find((row) => row.pid === root)?.ticks ?? 0;
  return (own + below(root)) * MS_PER_TICK;
}

function read(pid: number): ProcessRow[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold spaces: fields are counted from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
    return [{ pid, parent: parent ?? 0, ticks: (user ?? 0) + (system ?? 0) }];
  } catch {
    return []; // it ended meanwhile
  }
}
