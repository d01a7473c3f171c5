import { expect, it } from 'vitest';
import { CHUNK_SAMPLES, type MediaState, type Microphone } from '../ports/media.ts';
import { contract } from './bench.ts';
import { comesBack, expectDated, idleUntilStarted, type MediaBench } from './media.ts';

interface MicrophoneBench extends MediaBench {
  readonly microphone: Microphone;
  /** Switches the microphone's power, where it has a rail. The bench begins with power on. */
  power?(on: boolean): Promise<void>;
}

/** A converter without a microphone still counts up and down by a few steps. */
const SILENCE = 8;

interface Chunk {
  readonly samples: number;
  readonly loudest: number;
  readonly capturedAtMs: number;
  readonly arrivedMs: number;
}

type OnChunk = (samples: Int16Array, capturedAtMs: number) => void;

function notes(bench: MicrophoneBench): { seen: Chunk[]; onChunk: OnChunk } {
  const seen: Chunk[] = [];
  const onChunk: OnChunk = (samples, capturedAtMs) => {
    const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    seen.push({ samples: samples.length, loudest, capturedAtMs, arrivedMs: bench.now() });
  };
  return { seen, onChunk };
}

/** The promises of the Microphone port. */
export const microphoneContract = contract<MicrophoneBench>('microphone', (bench) => {
  it(
    'is idle until started and stops when it was never started, and twice',
    bench((it) => idleUntilStarted(it, it.microphone)),
  );

  it(
    'gives 480 samples each 10 ms, dated in order and just now',
    bench(async (it) => {
      const { seen, onChunk } = notes(it);
      await it.microphone.start(onChunk);
      await it.pass(it.startMs);
      const before = seen.length;
      await it.pass(1_000);
      if (!it.microphone.present) {
        expect(seen).toHaveLength(0);
        expect(it.microphone.state).toBe('waiting');
        return;
      }
      expect(it.microphone.state).toBe('running');
      expect(seen.length - before).toBeGreaterThan(80);
      expect(seen.length - before).toBeLessThan(120);
      for (const chunk of seen) expect(chunk.samples).toBe(CHUNK_SAMPLES);
      expectDated(seen, 300);
    }),
  );

  it(
    'gives nothing after stop, tells its states, and starts again',
    bench(async (it) => {
      const states: MediaState[] = [];
      const end = it.microphone.onState((state) => states.push(state));
      const { seen, onChunk } = notes(it);
      await it.microphone.start(onChunk);
      await it.pass(it.startMs + 100);
      await it.microphone.stop();
      expect(it.microphone.state).toBe('idle');
      expect(states.at(-1)).toBe('idle');
      end();
      const [told, heard] = [states.length, seen.length];
      await it.pass(100);
      expect(seen).toHaveLength(heard);
      await it.microphone.start(onChunk);
      await it.pass(it.startMs + 100);
      expect(states).toHaveLength(told);
      if (it.microphone.present) expect(seen.length).toBeGreaterThan(heard);
    }),
  );

  it(
    'hears nothing without power and hears again with it',
    bench(async (it) => {
      if (!it.power) return;
      const { seen, onChunk } = notes(it);
      await it.power(false);
      await it.microphone.start(onChunk);
      await it.pass(it.startMs + 300);
      for (const chunk of seen) expect(chunk.loudest).toBeLessThanOrEqual(SILENCE);
      await it.power(true);
      await it.pass(it.startMs + 100);
      const before = seen.length;
      await it.pass(300);
      expect(seen.length).toBeGreaterThan(before);
      expect(it.microphone.state).toBe('running');
    }),
  );

  it(
    'says why when it is unplugged, and comes back by itself',
    bench(async (it) => {
      if (!it.plug) return;
      const { seen, onChunk } = notes(it);
      let before = 0;
      await comesBack(
        it,
        it.microphone,
        () => it.microphone.start(onChunk),
        (ms) => {
          before = seen.length;
          return it.pass(ms);
        },
      );
      expect(seen.length).toBeGreaterThan(before);
    }),
  );
});
