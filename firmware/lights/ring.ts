import type { LightLevels } from '../../hal/ports/body.ts';
import type { Presence } from '../link/schema.ts';
import type { Meaning } from './meaning.ts';

/** Linear light, 0..1. */
type Colour = readonly [red: number, green: number, blue: number];

/**
 * Appearance of the ring: a pure function of time. Every pattern stays under 1 Hz, see flicker.ts.
 */
type Pattern = (tMs: number) => Colour;

const OFF: Colour = [0, 0, 0];
const SOFT_WHITE: Colour = [0.3, 0.27, 0.22];
const BLUE: Colour = [0.02, 0.1, 0.7];
const AMBER: Colour = [0.7, 0.28, 0];
const TEAL: Colour = [0, 0.5, 0.4];
const RED: Colour = [0.8, 0, 0];
const PURPLE: Colour = [0.4, 0, 0.6];
const WHITE: Colour = [0.9, 0.8, 0.65];
const CYAN: Colour = [0, 0.45, 0.75];

const steady =
  (colour: Colour): Pattern =>
  () =>
    colour;

/** Sinusoidal between `low` and full brightness. */
const breathing =
  (colour: Colour, periodMs: number, low: number): Pattern =>
  (tMs) =>
    dim(colour, low + (1 - low) * wave(tMs, periodMs));

const blinking =
  (colour: Colour, periodMs: number): Pattern =>
  (tMs) =>
    tMs % periodMs < periodMs / 2 ? colour : OFF;

/** Sawtooth: rises slowly and falls quickly. */
const sweeping =
  (colour: Colour, periodMs: number): Pattern =>
  (tMs) => {
    const phase = (tMs % periodMs) / periodMs;
    return dim(colour, phase < 0.8 ? phase / 0.8 : (1 - phase) / 0.2);
  };

/** Pattern of each presence. */
const PRESENCE: Record<Presence, Pattern> = {
  asleep: steady(OFF),
  waking: breathing(SOFT_WHITE, 3_000, 0.2),
  here: steady(SOFT_WHITE),
  listening: breathing(BLUE, 4_000, 0.15),
  lost: steady(AMBER),
  updating: sweeping(TEAL, 2_000),
  pairing: breathing(PURPLE, 2_500, 0.3),
};

/** Shows `above` for the first part of each period, and `below` in the rest. */
const pulsing =
  (above: Colour, pulseMs: number, periodMs: number, below: Pattern): Pattern =>
  (tMs) => {
    const phaseMs = tMs % periodMs;
    return phaseMs < pulseMs ? dim(above, wave(phaseMs, pulseMs)) : below(tMs);
  };

const IDENTIFY = breathing(WHITE, 1_500, 0);
const PAUSED = blinking(AMBER, 1_500);
const ALARM = steady(RED);
/** An alarm must not hide presence or pause: they alternate with this period. */
const TURN_MS = 2_000;

interface Layer {
  readonly applies: (meaning: Meaning) => boolean;
  readonly pattern: (meaning: Meaning) => Pattern;
}

/** Topmost first; the first that applies is shown. */
const LAYERS: readonly Layer[] = [
  { applies: (m) => m.paused, pattern: () => PAUSED },
  { applies: (m) => m.identify, pattern: () => IDENTIFY },
  {
    applies: (m) => m.support,
    pattern: (m) => pulsing(CYAN, 2_000, 6_000, PRESENCE[m.presence]),
  },
  { applies: () => true, pattern: (m) => PRESENCE[m.presence] },
];

export function ring(meaning: Meaning, tMs: number): Colour {
  const below = LAYERS.find((layer) => layer.applies(meaning))?.pattern(meaning)(tMs) ?? OFF;
  if (!meaning.fault && !meaning.batteryCritical) return below;
  const quiet = meaning.presence === 'asleep' && !meaning.paused;
  return quiet || tMs % (2 * TURN_MS) < TURN_MS ? ALARM(tMs) : below;
}

/** The hand light pulses while the hand is up; steady: the teacher has acknowledged it. */
export function hand(meaning: Meaning, tMs: number): number {
  if (meaning.hand === 'down') return 0;
  return meaning.hand === 'acknowledged' ? 0.5 : 0.15 + 0.85 * wave(tMs, 1_000);
}

export function lights(meaning: Meaning, tMs: number): LightLevels {
  return { ring: ring(meaning, tMs), hand: hand(meaning, tMs) };
}

/** 0..1, one cycle each period, starting at 0. */
const wave = (tMs: number, periodMs: number): number =>
  0.5 - 0.5 * Math.cos((2 * Math.PI * tMs) / periodMs);

const dim = ([r, g, b]: Colour, by: number): Colour => [r * by, g * by, b * by];
