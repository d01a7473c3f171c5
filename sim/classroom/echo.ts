/**
 * From the robot's speaker to its microphone. The robot has an echo canceller behind the
 * microphone; what is heard here is what such a canceller leaves.
 */
import { SAMPLE_RATE_HZ } from '../../hal/ports/media.ts';

/** 341 ms of what was played: much more than the longest path. */
const HISTORY = 16_384;
/** Speaker and microphone are a hand apart; the desk and a wall answer later. */
const PATHS = [
  { delayMs: 4, gain: 1 },
  { delayMs: 12, gain: 0.4 },
  { delayMs: 23, gain: 0.25 },
] as const;
/** -35 dB: a converged WebRTC canceller in a small room. */
const RESIDUAL = 10 ** (-35 / 20);

export class EchoPath {
  private readonly played = new Float32Array(HISTORY);
  /** The sample (48 kHz since the clock's zero) after the newest that was played. */
  private end = 0;

  /** The samples as they sound, from sample `first` on. */
  play(first: number, samples: Int16Array, gain: number): void {
    this.silenceUntil(first);
    for (let i = 0; i < samples.length; i++)
      this.played[(first + i) % HISTORY] = ((samples[i] as number) * gain) / 32768;
    this.end = Math.max(this.end, first + samples.length);
  }

  /** Adds what comes back to `mix`, whose first sample is `first`. */
  add(first: number, mix: Float32Array): void {
    for (const { delayMs, gain } of PATHS) {
      const from = first - Math.round((delayMs * SAMPLE_RATE_HZ) / 1_000);
      for (let i = 0; i < mix.length; i++) {
        const at = from + i;
        if (at < 0 || at >= this.end || at < this.end - HISTORY) continue;
        mix[i] = (mix[i] as number) + (this.played[at % HISTORY] as number) * gain * RESIDUAL;
      }
    }
  }

  private silenceUntil(first: number): void {
    for (let at = Math.max(this.end, first - HISTORY); at < first; at++)
      this.played[at % HISTORY] = 0;
  }
}
