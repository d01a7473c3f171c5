import { expect, it } from 'vitest';
import { CHUNK_SAMPLES, type MediaState, type Speaker } from '../ports/media.ts';
import { contract } from './bench.ts';
import { comesBack, idleUntilStarted, type MediaBench } from './media.ts';

interface SpeakerBench extends MediaBench {
  readonly speaker: Speaker;
  /** What the device and the bench's ear add to the driver's own queue, milliseconds; 40. */
  readonly deviceMs?: number;
  /**
   * What has come out so far, where the bench can hear it: how long something sounded
   * (milliseconds), and how loud the loudest sample was (0..1 of full scale).
   */
  heard?(): { readonly ms: number; readonly loudest: number };
}

/** The driver's own queue, and what a device and the bench's ear may add to it. */
const QUEUE_MS = 60;
const DEVICE_MS = 40;
const deviceMs = (bench: SpeakerBench): number => bench.deviceMs ?? DEVICE_MS;

function tone(level: number): Int16Array {
  return Int16Array.from({ length: CHUNK_SAMPLES }, (_, i) =>
    Math.round(32_767 * level * Math.sin((2 * Math.PI * i) / 48)),
  );
}

/** Writes a chunk each 10 ms for `ms`. */
async function speak(bench: SpeakerBench, chunk: Int16Array, ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 10) {
    bench.speaker.write(chunk);
    await bench.pass(10);
  }
}

/** The promises of the Speaker port. */
export const speakerContract = contract<SpeakerBench>('speaker', (bench) => {
  it(
    'is idle until started and stops when it was never started, and twice',
    bench((it) => idleUntilStarted(it, it.speaker)),
  );

  it(
    'takes sound at any time and makes none of it while stopped',
    bench(async (it) => {
      await speak(it, tone(0.5), 100);
      await it.pass(100);
      if (it.heard) expect(it.heard().ms).toBe(0);
      expect(it.speaker.state).toBe('idle');
    }),
  );

  it(
    'plays what is written, tells its states, and is silent after stop',
    bench(async (it) => {
      const states: MediaState[] = [];
      const end = it.speaker.onState((state) => states.push(state));
      await it.speaker.start();
      await it.pass(it.startMs);
      await speak(it, tone(0.5), 500);
      if (it.speaker.present) expect(it.speaker.state).toBe('running');
      if (it.heard) expect(it.heard().ms).toBeGreaterThan(350);
      await it.speaker.stop();
      expect(it.speaker.state).toBe('idle');
      expect(states.at(-1)).toBe('idle');
      end();
      await it.pass(deviceMs(it));
      const before = it.heard?.().ms;
      await speak(it, tone(0.5), 100);
      expect(it.heard?.().ms).toBe(before);
    }),
  );

  it(
    'drops older sound rather than let delay grow',
    bench(async (it) => {
      await it.speaker.start();
      await it.pass(it.startMs);
      const since = performance.now();
      for (let chunk = 0; chunk < 100; chunk++) it.speaker.write(tone(0.5));
      // A busy machine plays some while the rest is being written.
      const tookMs = performance.now() - since;
      await it.pass(1_000);
      if (!it.heard) return;
      expect(it.heard().ms).toBeGreaterThanOrEqual(20);
      expect(it.heard().ms).toBeLessThanOrEqual(QUEUE_MS + deviceMs(it) + tookMs);
    }),
  );

  it(
    'has a volume that is linear, and takes any number without harm',
    bench(async (it) => {
      await it.speaker.start();
      await it.pass(it.startMs);
      it.speaker.setVolume(0.5);
      await speak(it, tone(0.5), 200);
      if (it.heard) expect(it.heard().loudest).toBeCloseTo(0.25, 1);
      for (const volume of [-1, Number.NaN, 7]) it.speaker.setVolume(volume);
      await speak(it, tone(0.5), 200);
      // Above 1 is 1: a volume never amplifies.
      if (it.heard) expect(it.heard().loudest).toBeLessThanOrEqual(0.55);
    }),
  );

  it(
    'says why when it is unplugged, takes sound all the same, and comes back by itself',
    bench(async (it) => {
      if (!it.plug) return;
      await comesBack(
        it,
        it.speaker,
        () => it.speaker.start(),
        (ms) => speak(it, tone(0.5), ms),
      );
    }),
  );
});
