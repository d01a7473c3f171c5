import type { LightLevels } from '../../hal/ports/body.ts';
import type { EyesLook } from './eyes.ts';

/**
 * Light that flashes faster than 3 Hz can hurt people with photosensitive epilepsy. Patterns are
 * slow by themselves, but states may change as fast as a broken or hostile agent likes. So after
 * all patterns: a light may turn between rising and falling only TURN_MS after its last turn, and
 * waits at its level until then. Six turns a second at most are three flashes.
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
 * The limit for ring and hand light. The ring is one light: its colours wait for each other, and
 * for its brightness as a whole, which would flash thrice as fast where colours take turns.
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

/** Relative, of linear light (ITU-R BT.709). */
export const luminance = ([red, green, blue]: LightLevels['ring']): number =>
  0.2126 * red + 0.7152 * green + 0.0722 * blue;

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
