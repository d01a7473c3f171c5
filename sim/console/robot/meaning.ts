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
  | 'pairing';
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
];

/** Below this a lamp is off to the eye. */
const DARK = 0.01;
/** Longer than the dark half of a blink (0.75 s), as long as an alarm takes turns (2 s). */
const BLINK_MS = 900;
const ALARM_MS = 2_300;
/** The hand light pulses once a second; steady, it differs less than this over half a second. */
const PULSE_MS = 600;
const STEADY = 0.04;

interface Seen {
  readonly atMs: number;
  readonly colour: RingMeaning;
  readonly hand: number;
}

/** Watches the lamps for a while, as blinking and steady light mean different things. */
export class LampReader {
  private seen: Seen[] = [];

  read(look: Pick<Look, 'ring' | 'hand'>, atMs: number): { ring: RingMeaning; hand: HandMeaning } {
    const now = { atMs, colour: colourOf(look.ring), hand: look.hand };
    this.seen = [...this.seen.filter((one) => atMs - one.atMs <= ALARM_MS), now];
    return { ring: this.ring(now), hand: this.hand(now) };
  }

  private ring(now: Seen): RingMeaning {
    const recent = this.within(now, BLINK_MS);
    if (this.seen.some(({ colour }) => colour === 'fault')) return 'fault';
    if (now.colour === 'off')
      return recent.findLast(({ colour }) => colour !== 'off')?.colour ?? 'off';
    if (now.colour !== 'paused') return now.colour;
    // Amber that blinks is the teacher's pause; amber that stays is a pupil who was lost.
    const long = this.seen.length > 1 && now.atMs - (this.seen[0]?.atMs ?? 0) > BLINK_MS;
    return long && recent.every(({ colour }) => colour === 'paused') ? 'lost' : 'paused';
  }

  private hand(now: Seen): HandMeaning {
    const levels = this.within(now, PULSE_MS).map(({ hand }) => hand);
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
