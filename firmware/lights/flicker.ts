import type { LightLevels } from '../../hal/ports/body.ts';
import type { EyesLook } from './eyes.ts';

/**
 * Light that flashes faster than 3 Hz can trigger photosensitive epilepsy. The patterns are slow,
 * but a broken or hostile agent may change states at any rate. So the output is limited: a light
 * may change between rising and falling only TURN_MS after its last such turn, and keeps its level
 * until then. At most six turns a second are three flashes.
 */
const TURN_MS = 170;

class TurnLimiter {
  private rising = true;
  private turnedMs = Number.NEGATIVE_INFINITY;

  constructor(private level = 0) {}

  allows(target: number, nowMs: number): boolean {
    return !this.turns(target) || nowMs - this.turnedMs >= TURN_MS;
  }

  take(target: number, nowMs: number): void {
    if (this.turns(target)) {
      this.rising = !this.rising;
      this.turnedMs = nowMs;
    }
    this.level = target;
  }

  private turns(target: number): boolean {
    return target !== this.level && target > this.level !== this.rising;
  }
}

/**
 * Limiter for ring and hand light. The ring is one light: all its colours and its total luminance
 * must be allowed to change, as alternating colours would flash three times as fast.
 */
export class LightLimiter {
  private readonly ringTurns = Array.from({ length: 4 }, () => new TurnLimiter());
  private readonly handTurns = new TurnLimiter();
  private shown: LightLevels = { ring: [0, 0, 0], hand: 0 };

  next({ ring, hand }: LightLevels, nowMs: number): LightLevels {
    const aspects = [...ring, luminance(ring)];
    const ringMay = this.ringTurns.every((turns, i) => turns.allows(aspects[i] ?? 0, nowMs));
    if (ringMay)
      for (const [i, turns] of this.ringTurns.entries()) turns.take(aspects[i] ?? 0, nowMs);
    const handMay = this.handTurns.allows(hand, nowMs);
    if (handMay) this.handTurns.take(hand, nowMs);
    this.shown = {
      ring: ringMay ? ring : this.shown.ring,
      hand: handMay ? hand : this.shown.hand,
    };
    return this.shown;
  }
}

/** Relative luminance of linear light (ITU-R BT.709). */
export const luminance = ([red, green, blue]: LightLevels['ring']): number =>
  0.2126 * red + 0.7152 * green + 0.0722 * blue;

/** Limiter for the eyes: a picture stays for TURN_MS, so no dot changes more often. */
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
