import { expect, it } from 'vitest';
import { AudioIn } from './audio-in.ts';

function sound(sampleRate: number, channelCount: number, toneHz: number, chunk: number) {
  const numberOfFrames = sampleRate / 100;
  const samples = new Int16Array(numberOfFrames * channelCount);
  for (let i = 0; i < samples.length; i++) {
    const frame = chunk * numberOfFrames + Math.floor(i / channelCount);
    samples[i] = Math.round(10_000 * Math.sin((2 * Math.PI * toneHz * frame) / sampleRate));
  }
  return { samples, sampleRate, channelCount, numberOfFrames, bitsPerSample: 16 };
}

it.each([
  [8_000, 1],
  [16_000, 1],
  [16_000, 2],
  [44_100, 1],
  [48_000, 1],
  [48_000, 2],
])(
  'makes 480 samples of mono at 48 kHz of %i Hz with %i channels, without a seam',
  (rate, channels) => {
    const input = new AudioIn();
    const all: number[] = [];
    for (let chunk = 0; chunk < 5; chunk++) {
      const out = input.take(sound(rate, channels, 200, chunk));
      expect(out).toHaveLength(480);
      all.push(...(out ?? []));
    }
    const steepest = (10_000 * 2 * Math.PI * 200) / 48_000;
    for (let i = 1; i < all.length; i++)
      expect(Math.abs((all[i] ?? 0) - (all[i - 1] ?? 0))).toBeLessThan(steepest * 1.3 + 2);
    const crossings = all.filter(
      (sample, i) => i > 0 && (all[i - 1] ?? 0) < 0 && sample >= 0,
    ).length;
    expect(Math.abs(crossings - 10)).toBeLessThanOrEqual(1);
  },
);

it('refuses what is no 10 ms of 16 bit sound', () => {
  const good = sound(48_000, 1, 200, 0);
  const input = new AudioIn();
  expect(input.take({ ...good, bitsPerSample: 8 })).toBeUndefined();
  expect(input.take({ ...good, numberOfFrames: 960 })).toBeUndefined();
  expect(input.take({ ...good, channelCount: 0 })).toBeUndefined();
});
