/** What people see, hear and press on the robot: lights, eyes, loudspeaker, buttons. */
import type { Consumers } from './power.ts';
import type { WorldState } from './schema.ts';

/** Loudness of the speaker is sent periodically; without updates it counts as silent. */
const SPEAKING_FOR_MS = 300;

type Ring = [number, number, number];

export class Surface {
  private ring: Ring = [0, 0, 0];
  private hand = 0;
  private eyes: WorldState['eyes'] = darkEyes();
  private speaking = 0;
  private speakingUntilMs = 0;
  private readonly buttons = { teacher: false, pair: false };

  light(ring: Ring, hand: number): void {
    this.ring = [...ring];
    this.hand = hand;
  }

  lookWith(left: number[], right: number[], brightness: number): void {
    this.eyes = { left: [...left], right: [...right], brightness };
  }

  speak(level: number, nowMs: number): void {
    this.speaking = level;
    this.speakingUntilMs = nowMs + SPEAKING_FOR_MS;
  }

  press(button: 'teacher' | 'pair', pressed: boolean): void {
    this.buttons[button] = pressed;
  }

  dark(): void {
    this.light([0, 0, 0], 0);
    this.eyes = darkEyes();
  }

  truth(nowMs: number): Pick<WorldState, 'ring' | 'hand' | 'eyes' | 'speaking' | 'buttons'> {
    return {
      ring: this.ring,
      hand: this.hand,
      eyes: this.eyes,
      speaking: this.loudness(nowMs),
      buttons: { ...this.buttons },
    };
  }

  drain(nowMs: number): Pick<Consumers, 'light' | 'eyes' | 'speaking'> {
    const [red, green, blue] = this.ring;
    const lit = this.eyes.left.some((row) => row > 0) || this.eyes.right.some((row) => row > 0);
    return {
      light: red + green + blue + this.hand,
      eyes: lit ? this.eyes.brightness : 0,
      speaking: this.loudness(nowMs),
    };
  }

  private loudness(nowMs: number): number {
    return nowMs < this.speakingUntilMs ? this.speaking : 0;
  }
}

function darkEyes(): WorldState['eyes'] {
  return { left: Array(8).fill(0), right: Array(8).fill(0), brightness: 0 };
}
