import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VoiceMode } from '../wire/control.ts';
import { FLOOR_DB, HeardMeter } from './heard.ts';
import { CEILING_DB, gainDb, VoiceChain } from './voice.ts';

/** Peak of a tone relative to full scale. */
const amplitude = (db: number): number => 32_768 * 10 ** (db / 20);

function tone(peakDb: number, chunk = 0): Int16Array {
  const samples = new Int16Array(480);
  for (let i = 0; i < 480; i++)
    samples[i] = Math.round(
      amplitude(peakDb) * Math.sin((2 * Math.PI * 1_000 * (chunk * 480 + i)) / 48_000),
    );
  return samples;
}

function peakDb(samples: Int16Array): number {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return 20 * Math.log10(peak / 32_768);
}

/** The last of 50 chunks: gains have settled. */
function settled(inputDb: number, mode: VoiceMode): Int16Array {
  const chain = new VoiceChain();
  const out = new Int16Array(480);
  for (let chunk = 0; chunk < 50; chunk++) chain.process(tone(inputDb, chunk), mode, out);
  return out;
}

describe('voice chain', () => {
  it.each(['whisper', 'normal', 'loud'] as const)('%s has its gain, in dB', (mode) => {
    expect(peakDb(settled(-30, mode))).toBeCloseTo(-30 + gainDb[mode], 1);
  });

  it('holds peaks at the ceiling, however loud', () => {
    for (const inputDb of [-8, -3, 0]) {
      const out = peakDb(settled(inputDb, 'loud'));
      expect(out).toBeLessThan(CEILING_DB + 1.5);
      expect(out).toBeGreaterThan(CEILING_DB - 2);
    }
  });

  it('keeps silence silent and never leaves the range of 16 bit', () => {
    const out = new Int16Array(480);
    new VoiceChain().process(new Int16Array(480), 'loud', out);
    expect(out.every((sample) => sample === 0)).toBe(true);
    fc.assert(
      fc.property(fc.int16Array({ minLength: 480, maxLength: 480 }), (samples) => {
        new VoiceChain().process(samples, 'loud', out);
        // A wrap-around would flip the sign.
        return out.every(
          (sample, i) => sample === 0 || Math.sign(sample) === Math.sign(samples[i] ?? 0),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('changes its mode without a click', () => {
    const chain = new VoiceChain();
    const flat = new Int16Array(480).fill(3_000);
    const out = new Int16Array(480);
    chain.process(flat, 'normal', out);
    let before = out[479] ?? 0;
    chain.process(flat, 'whisper', out);
    for (const sample of out) {
      expect(Math.abs(sample - before)).toBeLessThan(20);
      before = sample;
    }
  });
});

describe('heard meter', () => {
  it('reads a voice as its power at the speaker, in dBFS', () => {
    const meter = new HeardMeter();
    for (let chunk = 0; chunk < 20; chunk++) meter.voice(tone(-20, chunk), 0.5);
    // A sine's power lies 3 dB under its peak; half the volume is 6 dB less.
    expect(meter.read().voiceDb).toBeCloseTo(-29, 0);
    expect(meter.read().voiceDb).toBe(FLOOR_DB);
  });

  it('measures the room without the robot\u2019s own voice', () => {
    const meter = new HeardMeter();
    for (let chunk = 0; chunk < 20; chunk++) meter.room(tone(-50, chunk));
    for (let chunk = 0; chunk < 100; chunk++) {
      meter.voice(tone(-10, chunk), 1);
      meter.room(tone(-12, chunk));
    }
    expect(meter.read().roomDb).toBeCloseTo(-53, 0);
  });
});
