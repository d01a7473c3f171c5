/**
 * The pupil's voice on its way to the speaker: gain by mode, then a limiter without look-ahead
 * (10 ms of delay would buy nothing in a classroom), then a soft clip for what the limiter's attack
 * lets through. Pure: samples in, samples out; silence stays silence.
 */
import { CHUNK_SAMPLES, SAMPLE_RATE_HZ } from '../../hal/ports/media.ts';
import type { VoiceMode } from '../wire/control.ts';

/** Whisper reaches the neighbours, loud the whole room. */
export const gainDb: Record<VoiceMode, number> = { whisper: -15, normal: 0, loud: 9 };

/** The limiter holds peaks here, dBFS. */
export const CEILING_DB = -2;

const CEILING = 10 ** (CEILING_DB / 20);
/** Time constants: fast enough to catch a plosive, slow enough not to pump. */
const ATTACK = coefficient(0.5);
const RELEASE = coefficient(80);

export class VoiceChain {
  private gain = 1;
  private envelope = 0;

  /**
   * Processes 480 samples into `out`. The gain glides over the chunk so that changing the mode does
   * not click.
   */
  process(samples: Int16Array, mode: VoiceMode, out: Int16Array): void {
    const target = 10 ** (gainDb[mode] / 20);
    const glide = (target - this.gain) / CHUNK_SAMPLES;
    for (let i = 0; i < CHUNK_SAMPLES; i++) {
      this.gain += glide;
      const sample = ((samples[i] ?? 0) / 32_768) * this.gain;
      out[i] = Math.round(32_768 * softClip(sample * this.limit(Math.abs(sample))));
    }
    this.gain = target;
  }

  private limit(level: number): number {
    const speed = level > this.envelope ? ATTACK : RELEASE;
    this.envelope += (level - this.envelope) * speed;
    return this.envelope > CEILING ? CEILING / this.envelope : 1;
  }
}

/** Straight up to the ceiling, then bends smoothly and never reaches full scale. */
function softClip(x: number): number {
  const size = Math.abs(x);
  if (size <= CEILING) return x;
  const room = 0.999 - CEILING;
  return Math.sign(x) * (CEILING + room * Math.tanh((size - CEILING) / room));
}

/** Share of the way to go at each sample for a time constant in milliseconds. */
function coefficient(ms: number): number {
  return 1 - Math.exp(-1_000 / (SAMPLE_RATE_HZ * ms));
}
