/** Quality measures of an echo canceller. All signals aligned, at 48 kHz. */
import { at } from './fourier.ts';
import { energy, samples } from './room.ts';
import { stoi } from './stoi.ts';

const FRAME = samples(10);
/** -50 dBFS: quieter frames hold no echo to speak of. */
const ACTIVE = 1e-5;

/** Echo return loss enhancement over the time in which there is an echo, dB. */
export function erleDb(
  heard: Float64Array,
  out: Float64Array,
  fromMs: number,
  toMs: number,
): number {
  let [before, after] = [0, 0];
  for (let i = samples(fromMs); i + FRAME <= Math.min(samples(toMs), heard.length); i += FRAME) {
    const echo = energy(heard.subarray(i, i + FRAME));
    if (echo / FRAME < ACTIVE) continue;
    before += echo;
    after += energy(out.subarray(i, i + FRAME));
  }
  return 10 * Math.log10(before / (after + 1e-12));
}

export function erleOverTime(heard: Float64Array, out: Float64Array, stepMs: number): number[] {
  const steps = Math.floor(heard.length / samples(stepMs));
  return Array.from({ length: steps }, (_, i) => erleDb(heard, out, i * stepMs, (i + 1) * stepMs));
}

/** From `fromMs` until half a second has 20 dB, and the one after it too. */
export function convergenceMs(
  heard: Float64Array,
  out: Float64Array,
  fromMs: number,
  goalDb = 20,
): number {
  const lastMs = (heard.length * 1_000) / samples(1_000) - 1_000;
  const good = (ms: number) => erleDb(heard, out, ms, ms + 500) >= goalDb;
  for (let ms = fromMs; ms < lastMs; ms += 50) if (good(ms) && good(ms + 500)) return ms - fromMs;
  return Number.POSITIVE_INFINITY;
}

interface NearFigures {
  /** Of the near end's speech: with the echo, and as it leaves. */
  readonly stoiBefore: number;
  readonly stoiAfter: number;
  /** How much of the near end's level is left, dB; gain control may lift it. */
  readonly gainDb: number;
  /** Segmental signal to noise ratio, each segment limited to -10..35 dB. */
  readonly segmentalBeforeDb: number;
  readonly segmentalAfterDb: number;
}

export function nearFigures(
  near: Float64Array,
  heard: Float64Array,
  out: Float64Array,
  fromMs: number,
): NearFigures {
  const [x, mic, y] = [near, heard, out].map((signal) => signal.subarray(samples(fromMs))) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const gain = dot(x, y) / energy(x);
  const levelled = y.map((value) => value / gain);
  return {
    stoiBefore: stoi(x, mic),
    stoiAfter: stoi(x, y),
    gainDb: 20 * Math.log10(Math.abs(gain)),
    segmentalBeforeDb: segmentalDb(x, mic),
    segmentalAfterDb: segmentalDb(x, levelled),
  };
}

function segmentalDb(clean: Float64Array, heard: Float64Array): number {
  const length = samples(20);
  const ratios: number[] = [];
  for (let i = 0; i + length <= clean.length; i += length) {
    const speech = clean.subarray(i, i + length);
    if (energy(speech) / length < ACTIVE) continue;
    const rest = speech.map((value, n) => at(heard, i + n) - value);
    const db = 10 * Math.log10(energy(speech) / (energy(rest) + 1e-12));
    ratios.push(Math.max(-10, Math.min(35, db)));
  }
  return ratios.reduce((total, db) => total + db, 0) / ratios.length;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((total, value, i) => total + value * at(b, i), 0);
}
