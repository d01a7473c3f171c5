import { CHUNK_SAMPLES } from '../../hal/ports/media.ts';
import type { NativeSound } from './wrtc.ts';

/**
 * Turns whatever the decoder gives for 10 ms (8 to 96 kHz, one or more channels) into 480 samples
 * of mono at 48 kHz, by mixing and linear interpolation over the chunk's edge. One a track; the
 * returned memory is used again for the next chunk.
 */
export class AudioIn {
  private readonly out = new Int16Array(CHUNK_SAMPLES);
  /** Last sample of the chunk before, so that interpolation has no seam. */
  private last = 0;

  /** Undefined when it is no 10 ms of 16 bit sound. */
  take(sound: NativeSound): Int16Array | undefined {
    const { samples, channelCount, numberOfFrames, bitsPerSample } = sound;
    if (bitsPerSample !== 16 || channelCount < 1 || numberOfFrames < 1) return undefined;
    if (samples.length < channelCount * numberOfFrames) return undefined;
    if (channelCount === 1 && numberOfFrames === CHUNK_SAMPLES) {
      this.last = samples[CHUNK_SAMPLES - 1] ?? 0;
      return samples;
    }
    const scale = numberOfFrames / CHUNK_SAMPLES;
    for (let i = 0; i < CHUNK_SAMPLES; i++) {
      const at = (i + 1) * scale - 1;
      const before = Math.floor(at);
      const a = before < 0 ? this.last : mono(samples, before, channelCount);
      const b = mono(samples, Math.min(before + 1, numberOfFrames - 1), channelCount);
      this.out[i] = Math.round(a + (b - a) * (at - before));
    }
    this.last = mono(samples, numberOfFrames - 1, channelCount);
    return this.out;
  }
}

function mono(samples: Int16Array, frame: number, channels: number): number {
  let sum = 0;
  for (let channel = 0; channel < channels; channel++)
    sum += samples[frame * channels + channel] ?? 0;
  return sum / channels;
}
