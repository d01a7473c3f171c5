/** What a real pipeline may do to us, and that sound comes back by itself. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Child } from '../../bus/child.ts';
import { type Clock, delay } from '../../ports/clock.ts';
import { ChildPrograms } from '../gst/child-programs.ts';
import { SOUND, whyNoGstreamer } from '../gst/testing/has-gstreamer.ts';
import { SystemClock } from '../time/system-clock.ts';
import { openSound } from './open-sound.ts';
import { testEnds } from './testing/test-ends.ts';

const wiring = { system: 'alsa', input: 'loop', output: 'loop', echoDelayMs: 0 } as const;
/** A busy machine takes its time to start programs. */
const LIMIT_MS = 12_000;

async function openWatched() {
  const clock = new SystemClock();
  const real = new ChildPrograms(clock);
  const children: Child[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'deskmate-sound-'));
  const programs = {
    start: async (plan: Parameters<typeof real.start>[0]) => {
      const child = await real.start(plan);
      children.push(child);
      return child;
    },
  };
  const times = { first: 8_000, next: 400, again: 800, grace: 200 };
  const ends = testEnds(join(folder, 'played'));
  const sound = await openSound(wiring, { clock, logLine: () => {} }, { programs, ends, times });
  let chunks = 0;
  await sound.speaker.start();
  await sound.microphone.start(() => {
    chunks += 1;
  });
  const close = async () => {
    await sound.close();
    rmSync(folder, { recursive: true });
  };
  return { ...sound, clock, children, chunks: () => chunks, close };
}

async function until(clock: Clock, met: () => boolean): Promise<void> {
  const lastMs = clock.now() + LIMIT_MS;
  while (!met() && clock.now() < lastMs) await delay(clock, 20);
  expect(met()).toBe(true);
}

const missing = whyNoGstreamer(SOUND);
describe.skipIf(missing)(`sound of a broken pipeline ${missing ?? ''}`, () => {
  it.each([
    ['killed', 'SIGKILL'],
    ['hung', 'SIGSTOP'],
  ] as const)('comes back by itself when the pipeline is %s', async (_, signal) => {
    const it = await openWatched();
    try {
      await until(it.clock, () => it.chunks() > 10);
      expect(it.microphone.state).toBe('running');
      const before = it.chunks();
      process.kill(it.children[0]?.pid ?? 0, signal);
      await until(it.clock, () => it.microphone.state !== 'running');
      await until(it.clock, () => it.chunks() - before > 50 && it.speaker.state === 'running');
      expect(it.microphone.state).toBe('running');
      expect(it.children.length).toBeGreaterThan(1);
    } finally {
      await it.close();
    }
  });

  it.skipIf(whyNoGstreamer(['alsasrc']))('says in one line that a card is not there', async () => {
    const clock = new SystemClock();
    const away = { system: 'alsa', input: 'hw:31', output: 'hw:31', echoDelayMs: 0 } as const;
    const sound = await openSound(away, { clock, logLine: () => {} });
    const told: string[] = [];
    sound.microphone.onState((_, why) => told.push(why));
    await sound.microphone.start(() => {});
    await until(clock, () => sound.microphone.state === 'fault');
    expect(told.at(-1)).toBe(
      'microphone (ALSA hw:31) is not there; plug it in, or name another in the board file (arecord -L and aplay -L list them)',
    );
    await sound.close();
  });
});
