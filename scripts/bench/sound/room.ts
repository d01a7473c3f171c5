/** A simulated room between a loudspeaker and a microphone, for measuring echo cancellers. */
import { SAMPLE_RATE_HZ } from '../../../hal/ports/media.ts';
import { Random } from '../../../sim/time/random.ts';
import { at, Fourier } from './fourier.ts';

interface RoomPlan {
  readonly seed: number;
  /** Until reverberation has fallen by 60 dB. */
  readonly rt60Ms: number;
  /** Direct and early sound against reverberation. */
  readonly directToReverbDb: number;
}

const LENGTH_MS = 600;
/** Number of discrete early reflections, and their time span. */
const EARLY = { paths: 8, ms: 30 };

/** Energy 1: direct sound, a few early reflections, and a tail of decaying noise. */
export function impulseResponse(plan: RoomPlan): Float64Array {
  const random = new Random(plan.seed);
  const length = (LENGTH_MS * SAMPLE_RATE_HZ) / 1_000;
  const early = new Float64Array(length);
  early[0] = 1;
  for (let path = 0; path < EARLY.paths; path++) {
    const ms = 1 + random.next() * EARLY.ms;
    early[Math.round((ms * SAMPLE_RATE_HZ) / 1_000)] = (random.next() - 0.5) * Math.exp(-ms / 20);
  }
  const tail = Float64Array.from({ length }, (_, i) => {
    const ms = (i * 1_000) / SAMPLE_RATE_HZ;
    return ms < 3 ? 0 : random.normal(0, 1) * 10 ** ((-3 * ms) / plan.rt60Ms);
  });
  const reverb = Math.sqrt(energy(early) / energy(tail)) * decibels(-plan.directToReverbDb);
  const whole = early.map((value, i) => value + at(tail, i) * reverb);
  const level = 1 / Math.sqrt(energy(whole));
  return whole.map((value) => value * level);
}

/** Samples that are convolved at once: longer than any response. */
const BLOCK = 32_768;

/** As long as `signal`; overlap-add. */
export function convolve(signal: Float64Array, response: Float64Array): Float64Array {
  const fourier = new Fourier(2 * BLOCK);
  const [hRe, hIm] = [new Float64Array(2 * BLOCK), new Float64Array(2 * BLOCK)];
  hRe.set(response);
  fourier.transform(hRe, hIm);
  const out = new Float64Array(signal.length + 2 * BLOCK);
  for (let from = 0; from < signal.length; from += BLOCK) {
    const [re, im] = [new Float64Array(2 * BLOCK), new Float64Array(2 * BLOCK)];
    re.set(signal.subarray(from, from + BLOCK));
    fourier.transform(re, im);
    for (let i = 0; i < re.length; i++) {
      const [a, b, c, d] = [at(re, i), at(im, i), at(hRe, i), at(hIm, i)];
      re[i] = a * c - b * d;
      im[i] = a * d + b * c;
    }
    fourier.transform(re, im, true);
    for (let i = 0; i < re.length; i++) out[from + i] = at(out, from + i) + at(re, i);
  }
  return out.subarray(0, signal.length);
}

interface EchoPlan {
  /** What the loudspeaker plays, -1..1. */
  readonly played: Float64Array;
  readonly rooms: readonly RoomPlan[];
  /** When the first room becomes the second (the head turns), if there is one. */
  readonly changeMs: number;
  readonly delayMs: number;
  /** Of the echo against what is played. */
  readonly levelDb: number;
}

/** The echo at the microphone. A small loudspeaker distorts: tanh, 2 % third harmonic. */
export function echoOf(plan: EchoPlan): Float64Array {
  const bent = plan.played.map((value) => Math.tanh(1.5 * value) / 1.5);
  const echoes = plan.rooms.map((room) => convolve(bent, impulseResponse(room)));
  const delay = samples(plan.delayMs);
  const change = samples(plan.changeMs);
  const gain = decibels(plan.levelDb);
  return plan.played.map((_, i) => {
    const echo = i < change ? echoes[0] : (echoes[1] ?? echoes[0]);
    return gain * (echo?.[i - delay] ?? 0);
  });
}

export function noise(seed: number, length: number, levelDb: number): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length }, () => random.normal(0, decibels(levelDb)));
}

export function sum(...signals: readonly Float64Array[]): Float64Array {
  const [first = new Float64Array(0)] = signals;
  return first.map((_, i) => signals.reduce((total, signal) => total + (signal[i] ?? 0), 0));
}

export function energy(values: Float64Array): number {
  return values.reduce((total, value) => total + value * value, 0);
}

export function levelDb(values: Float64Array): number {
  return 10 * Math.log10(energy(values) / values.length + 1e-12);
}

function decibels(db: number): number {
  return 10 ** (db / 20);
}

export function samples(ms: number): number {
  return Math.round((ms * SAMPLE_RATE_HZ) / 1_000);
}
