import type { LightLevels } from '../../hal/ports/body.ts';
import type { EyesLook } from './eyes.ts';

/**
 * Light that flashes faster than 3 Hz can hurt people with photosensitive epilepsy. Patterns are
 * slow by themselves, but states may change as fast as a broken or hostile agent likes. So after
 * all patterns: a channel may turn between rising and falling only TURN_MS after its last turn,
 * and waits at its level until then. Six turns a second at most are three flashes.
 */
export const TURN_MS = 170;

export class ChannelLimiter {
  private level = 0;
  private rising = true;
  private turnedMs = Number.NEGATIVE_INFINITY;

  next(target: number, nowMs: number): number {
    if (target === this.level) return this.level;
    const rises = target > this.level;
    if (rises !== this.rising) {
      if (nowMs - this.turnedMs < TURN_MS) return this.level;
      this.rising = rises;
      this.turnedMs = nowMs;
    }
    this.level = target;
    return target;
  }
}

/** The limit for ring and hand light. */
export class LightLimiter {
  private readonly channels = [
    new ChannelLimiter(),
    new ChannelLimiter(),
    new ChannelLimiter(),
    new ChannelLimiter(),
  ] as const;

  next(levels: LightLevels, nowMs: number): LightLevels {
    const [red, green, blue] = levels.ring;
    const [r, g, b, hand] = this.channels;
    return {
      ring: [r.next(red, nowMs), g.next(green, nowMs), b.next(blue, nowMs)],
      hand: hand.next(levels.hand, nowMs),
    };
  }
}

/** The limit for the eyes: a picture stays for TURN_MS, so no dot turns more often than that. */
export class EyesLimiter {
  private shown: EyesLook | undefined;
  private changedMs = Number.NEGATIVE_INFINITY;

  next(look: EyesLook, nowMs: number): EyesLook {
    if (this.shown && (sameLook(look, this.shown) || nowMs - this.changedMs < TURN_MS))
      return this.shown;
    this.shown = look;
    this.changedMs = nowMs;
    return look;
  }
}

export function sameLook(a: EyesLook, b: EyesLook): boolean {
  return (
    a.brightness === b.brightness &&
    a.left.every((row, i) => row === b.left[i]) &&
    a.right.every((row, i) => row === b.right[i])
  );
}
