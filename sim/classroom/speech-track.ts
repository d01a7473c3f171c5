/** The teacher's voice as one endless recording: the sentences at their places in the lesson. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HardwareFault } from '../../hal/ports/fault.ts';
import { decodeImaWav } from './ima-adpcm.ts';
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
  return fileURLToPath(new URL('./speech/', import.meta.url));
}
