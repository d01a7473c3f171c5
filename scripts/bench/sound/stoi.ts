/**
 * Short-time objective intelligibility: 0 (unintelligible) to 1. C. H. Taal, R. C.
 * Hendriks, R. Heusdens, J. Jensen: An algorithm for intelligibility prediction of time-frequency
 * weighted noisy speech, IEEE TASLP 19(7), 2011. Numbers in comments are of that paper.
 */
import { at, Fourier } from './fourier.ts';

/** 10 kHz (section II). */
const RATE_HZ = 10_000;
/** From 48 kHz: 5 / 24. */
const UP = 5;
const DOWN = 24;
const FRAME = 256;
const HOP = 128;
const FFT = 512;
/** 15 one-third octave bands, the lowest at 150 Hz. */
const BANDS = 15;
const LOWEST_HZ = 150;
/** 30 frames: 384 ms. */
const SEGMENT = 30;
/** Lower bound of the signal to distortion ratio: -15 dB. */
const CLIP = 1 + 10 ** (15 / 20);
/** Frames this much below the loudest are silence. */
const SILENCE_DB = 40;

const window = Float64Array.from(
  { length: FRAME },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 1)) / (FRAME + 1)),
);

/** Both at 48 kHz and in step; `clean` is the speech alone. */
export function stoi(clean48: Float64Array, heard48: Float64Array): number {
  const { clean, heard } = withoutSilence(resampled(clean48), resampled(heard48));
  const [x, y] = [bandLevels(clean), bandLevels(heard)];
  let total = 0;
  let count = 0;
  for (let end = SEGMENT; end <= x.length; end++)
    for (let band = 0; band < BANDS; band++) {
      const pick = (frames: readonly Float64Array[]) =>
        Float64Array.from({ length: SEGMENT }, (_, i) => {
          const frame = frames[end - SEGMENT + i];
          return frame ? at(frame, band) : 0;
        });
      total += correlation(pick(x), pick(y));
      count += 1;
    }
  return count === 0 ? Number.NaN : total / count;
}

/** Of one band over one segment: `heard` is scaled to the energy of `clean` and clipped. */
function correlation(clean: Float64Array, heard: Float64Array): number {
  const scale = norm(clean) / (norm(heard) + 1e-15);
  const clipped = heard.map((value, i) => Math.min(value * scale, at(clean, i) * CLIP));
  const [a, b] = [centred(clean), centred(clipped)];
  const dot = a.reduce((total, value, i) => total + value * at(b, i), 0);
  return dot / (norm(a) * norm(b) + 1e-15);
}

function bandLevels(signal: Float64Array): Float64Array[] {
  const fourier = new Fourier(FFT);
  const edges = Array.from({ length: BANDS }, (_, band) => {
    const centre = LOWEST_HZ * 2 ** (band / 3);
    const bin = (hz: number) => Math.round((hz * FFT) / RATE_HZ);
    return [bin(centre * 2 ** (-1 / 6)), bin(centre * 2 ** (1 / 6))] as const;
  });
  return frames(signal).map((frame) => {
    const [re, im] = [new Float64Array(FFT), new Float64Array(FFT)];
    re.set(frame);
    fourier.transform(re, im);
    return Float64Array.from(edges, ([low, high]) => {
      let power = 0;
      for (let bin = low; bin < high; bin++) power += at(re, bin) ** 2 + at(im, bin) ** 2;
      return Math.sqrt(power);
    });
  });
}

/** Frames in which the clean speech is silent are cut from both. */
function withoutSilence(clean: Float64Array, heard: Float64Array) {
  const [x, y] = [frames(clean), frames(heard)];
  const levels = x.map((frame) => 20 * Math.log10(norm(frame) + 1e-12));
  const loudest = levels.reduce((most, level) => Math.max(most, level), Number.NEGATIVE_INFINITY);
  const spoken = (_: Float64Array, i: number) => (levels[i] ?? 0) > loudest - SILENCE_DB;
  return { clean: joined(x.filter(spoken)), heard: joined(y.filter(spoken)) };
}

/** Windowed, half overlapping. */
function frames(signal: Float64Array): Float64Array[] {
  const count = Math.max(0, Math.floor((signal.length - FRAME) / HOP) + 1);
  return Array.from({ length: count }, (_, frame) =>
    window.map((weight, i) => weight * at(signal, frame * HOP + i)),
  );
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(Math.max(0, (parts.length - 1) * HOP + FRAME));
  for (const [frame, part] of parts.entries())
    for (let i = 0; i < FRAME; i++) out[frame * HOP + i] = at(out, frame * HOP + i) + at(part, i);
  return out;
}

/** A windowed sinc at the higher of the two rates, cut off a little below half the lower one. */
function resampled(signal: Float64Array): Float64Array {
  const half = 10 * DOWN;
  const kernel = Float64Array.from({ length: 2 * half + 1 }, (_, i) => {
    const x = ((i - half) * 0.96) / DOWN;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    return sinc * (0.5 + 0.5 * Math.cos((Math.PI * (i - half)) / half)) * (0.96 / DOWN) * UP;
  });
  return Float64Array.from({ length: Math.floor((signal.length * UP) / DOWN) }, (_, n) => {
    const centre = n * DOWN;
    const first = Math.ceil((centre - half) / UP);
    let total = 0;
    for (let k = Math.max(0, first); k * UP <= centre + half && k < signal.length; k++)
      total += at(signal, k) * at(kernel, centre - k * UP + half);
    return total;
  });
}

function centred(values: Float64Array): Float64Array {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  return values.map((value) => value - mean);
}

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((total, value) => total + value * value, 0));
}
