/** The teacher's voice as one endless recording: the sentences at their places in the lesson. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HardwareFault } from '../../hal/ports/fault.ts';
import { LESSON, LESSON_MS, SPEECH_RATE_HZ } from './lesson.ts';

/** 48 kHz is three times the rate of the files. */
const UP = 3;
/** Samples of the file on which one output sample is built. */
const TAPS = 8;

export class SpeechTrack {
  private readonly kernel = interpolator();

  /** `samples` is the whole lesson at 16 kHz. */
  constructor(readonly samples: Int16Array) {}

  /** Its length at 48 kHz. */
  get length(): number {
    return this.samples.length * UP;
  }

  /** Fills `out` with the lesson from sample `from` on (48 kHz, any whole number), -1..1. */
  read(from: number, out: Float32Array): void {
    const { samples, kernel } = this;
    const length = samples.length;
    for (let i = 0; i < out.length; i++) {
      const at = from + i;
      const phase = ((at % UP) + UP) % UP;
      let index = (((at - phase) / UP - TAPS / 2 + 1) % length) + length;
      let sum = 0;
      for (let tap = phase * TAPS; tap < (phase + 1) * TAPS; tap++, index++)
        sum += (samples[index % length] as number) * (kernel[tap] as number);
      out[i] = sum / 32768;
    }
  }

  /** One value between samples, at any speed and direction: good enough for murmur. */
  rough(at48k: number): number {
    const { samples } = this;
    const place = (((at48k / UP) % samples.length) + samples.length) % samples.length;
    const index = Math.floor(place);
    const here = samples[index] as number;
    const next = samples[(index + 1) % samples.length] as number;
    return (here + (next - here) * (place - index)) / 32768;
  }
}

/** A sinc under a raised cosine, for each of the three phases. */
function interpolator(): Float64Array {
  const kernel = new Float64Array(UP * TAPS);
  for (let phase = 0; phase < UP; phase++)
    for (let tap = 0; tap < TAPS; tap++) {
      const x = tap - (TAPS / 2 - 1) - phase / UP;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
      kernel[phase * TAPS + tap] = sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / (TAPS / 2)));
    }
  return kernel;
}

/** Reads the sentences from `folder`; throws a HardwareFault that names what is missing. */
export function loadSpeech(folder: string): SpeechTrack {
  const samples = new Int16Array((LESSON_MS * SPEECH_RATE_HZ) / 1_000);
  for (const utterance of LESSON) {
    const file = join(folder, utterance.file);
    try {
      const speech = decodeImaWav(readFileSync(file));
      samples.set(speech.samples, (utterance.startMs * SPEECH_RATE_HZ) / 1_000);
    } catch (cause) {
      throw new HardwareFault(
        'badData',
        'simulated classroom',
        `the teacher's voice ${file} cannot be read: ${cause instanceof Error ? cause.message : cause}; ` +
          'build again, or run scripts/make-speech.sh',
        { cause },
      );
    }
  }
  return new SpeechTrack(samples);
}

/** The sources have it beside this file, a build beside the bundles. */
export function speechFolder(): string {
  return fileURLToPath(new URL('./speech', import.meta.url));
}

/** The step sizes of the IMA standard. */
const STEPS = [
  7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73,
  80, 88, 97, 107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494,
  544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499,
  2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487,
  12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
];
/** How the index into the steps moves with the magnitude (three bits) of a code. */
const MOVES = [-1, -1, -1, -1, 2, 4, 6, 8];
const IMA_ADPCM = 0x11;
const BLOCK_HEADER_BYTES = 4;

interface Speech {
  readonly rateHz: number;
  readonly samples: Int16Array;
}

/**
 * Reads a speech file: mono WAV with IMA ADPCM, four bits a sample, as sox writes it. Throws a
 * sentence that says what was expected when it is none.
 */
export function decodeImaWav(file: Uint8Array): Speech {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const format = chunkOf(view, 'fmt ');
  if (view.getUint16(format.at, true) !== IMA_ADPCM || view.getUint16(format.at + 2, true) !== 1)
    throw new Error('expected a mono IMA ADPCM WAV file');
  const blockBytes = view.getUint16(format.at + 12, true);
  const count = view.getUint32(chunkOf(view, 'fact').at, true);
  const data = chunkOf(view, 'data');
  const samples = new Int16Array(count);
  let filled = 0;
  for (let at = data.at; at < data.at + data.bytes && filled < count; at += blockBytes)
    filled = decodeBlock(
      view,
      at,
      Math.min(blockBytes, data.at + data.bytes - at),
      samples,
      filled,
    );
  return { rateHz: view.getUint32(format.at + 4, true), samples };
}

function chunkOf(view: DataView, name: string): { at: number; bytes: number } {
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const bytes = view.getUint32(at + 4, true);
    const id = String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
    if (id === name) return { at: at + 8, bytes: Math.min(bytes, view.byteLength - at - 8) };
    at += 8 + bytes + (bytes % 2);
  }
  throw new Error(`expected a WAV file with a "${name}" chunk`);
}

/** A block starts with a whole sample and a step index; then two samples a byte, low half first. */
function decodeBlock(
  view: DataView,
  at: number,
  bytes: number,
  out: Int16Array,
  from: number,
): number {
  let value = view.getInt16(at, true);
  let index = Math.min(view.getUint8(at + 2), STEPS.length - 1);
  let filled = from;
  out[filled++] = value;
  for (let i = BLOCK_HEADER_BYTES * 2; i < bytes * 2 && filled < out.length; i++) {
    const byte = view.getUint8(at + (i >> 1));
    const code = i & 1 ? byte >> 4 : byte & 15;
    const step = STEPS[index] as number;
    const magnitude = code & 7;
    const change =
      (step >> 3) + (code & 4 ? step : 0) + (code & 2 ? step >> 1 : 0) + (code & 1 ? step >> 2 : 0);
    value = Math.max(-32768, Math.min(32767, code & 8 ? value - change : value + change));
    index = Math.max(0, Math.min(STEPS.length - 1, index + (MOVES[magnitude] as number)));
    out[filled++] = value;
  }
  return filled;
}
