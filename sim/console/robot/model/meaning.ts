/**
 * What the class reads from the lights, from the light alone: the page looks at the lamps as people
 * do, and at nothing that software says about them.
 */
import type { Look } from './look.ts';

/** `hardware.md`: colours and patterns of the ring, and what each says. */
export type RingMeaning =
  | 'off'
  | 'here'
  | 'listening'
  | 'paused'
  | 'lost'
  | 'updating'
  | 'fault'
  | 'pairing'
  | 'support';
export type HandMeaning = 'down' | 'up' | 'seen';
export type EyesMeaning = 'dark' | 'shut' | 'open';

type Colour = readonly [red: number, green: number, blue: number];

const COLOURS: readonly (readonly [RingMeaning, Colour])[] = [
  ['here', [1, 0.9, 0.75]],
  ['listening', [0.03, 0.14, 1]],
  ['paused', [1, 0.4, 0]],
  ['updating', [0, 1, 0.8]],
  ['fault', [1, 0, 0]],
  ['pairing', [0.66, 0, 1]],
  ['support', [0, 0.6, 1]],
];

/** Below this a lamp is off to the eye. */
const DARK = 0.01;
/** For how long the lamps are looked at to tell how they change. */
const LOOK_MS = {
  /** A blink is 1.5 s: a lamp that was the same for longer than its half does not blink. */
  ...{ halfBlink: 900, blink: 1_700 },
  /** As long as an alarm takes turns with what is below it (2 s). */
  alarm: 2_300,
  /** The hand light pulses once a second. */
  pulse: 600,
};
/** A hand light that is steady differs less than this. */
const STEADY = 0.04;

interface Seen {
  readonly atMs: number;
  readonly colour: RingMeaning;
  readonly hand: number;
}

/** Watches the lamps for a while, as blinking and steady light mean different things. */
export class LampReader {
  private seen: Seen[] = [];
  private told: RingMeaning = 'off';

  read(look: Pick<Look, 'ring' | 'hand'>, atMs: number): { ring: RingMeaning; hand: HandMeaning } {
    const now = { atMs, colour: colourOf(look.ring), hand: look.hand };
    this.seen = [...this.seen.filter((one) => atMs - one.atMs <= LOOK_MS.alarm), now];
    this.told = this.ring(now);
    return { ring: this.told, hand: this.hand(now) };
  }

  private ring(now: Seen): RingMeaning {
    if (this.seen.some(({ colour }) => colour === 'fault')) return 'fault';
    const recent = this.within(now, LOOK_MS.halfBlink);
    const steady = recent.every(({ colour }) => colour === now.colour);
    if (now.colour === 'paused') return this.amber(now, steady);
    if (now.colour !== 'off') return now.colour;
    if (steady) return 'off';
    const before = recent.findLast(({ colour }) => colour !== 'off')?.colour;
    return before === 'paused' ? this.amber(now, false) : (before ?? 'off');
  }

  /** Amber that blinks is the teacher's pause; amber that stays is a pupil who was lost. */
  private amber(now: Seen, steady: boolean): RingMeaning {
    const first = this.seen[0];
    if (steady && first && now.atMs - first.atMs >= LOOK_MS.halfBlink) return 'lost';
    const colours = this.within(now, LOOK_MS.blink).map(({ colour }) => colour);
    const turns = colours.filter((colour, i) => i > 0 && colour !== colours[i - 1]);
    const wentDark = turns.includes('off') && colours.includes('paused');
    if (turns.length >= 2 && wentDark) return 'paused';
    // Not distinguishable yet: keep the last result.
    return wentDark && this.told !== 'lost' ? 'paused' : this.told;
  }

  private hand(now: Seen): HandMeaning {
    const levels = this.within(now, LOOK_MS.pulse).map(({ hand }) => hand);
    if (Math.max(...levels) < DARK) return 'down';
    return Math.max(...levels) - Math.min(...levels) > STEADY ? 'up' : 'seen';
  }

  private within({ atMs }: Seen, ms: number): Seen[] {
    return this.seen.filter((one) => atMs - one.atMs <= ms);
  }
}

/** By direction in colour space, so that a dim light has the colour of a bright one. */
export function colourOf(light: Colour): RingMeaning {
  const length = Math.hypot(...light);
  if (length < DARK) return 'off';
  let best: RingMeaning = 'off';
  let closest = -1;
  for (const [meaning, colour] of COLOURS) {
    const dot = colour.reduce((sum, part, i) => sum + part * (light[i] ?? 0), 0);
    const likeness = dot / (length * Math.hypot(...colour));
    if (likeness > closest) [best, closest] = [meaning, likeness];
  }
  return best;
}

export function eyesOf({ left, right, brightness }: Look['eyes']): EyesMeaning {
  if (brightness === 0) return 'dark';
  const rows = [...left, ...right].filter((row) => row !== 0).length;
  if (rows === 0) return 'dark';
  // A lid is a few rows; an open eye fills the matrix, a smile a good part of it.
  return rows <= 4 ? 'shut' : 'open';
}
