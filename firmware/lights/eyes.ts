import type { Mood } from '../link/schema.ts';
import type { Meaning } from './meaning.ts';

/**
 * What both eyes show: eight rows an eye, bit 7 leftmost as the class sees it, brightness 0..15.
 */
export interface EyesLook {
  readonly left: Uint8Array;
  readonly right: Uint8Array;
  readonly brightness: number;
}

const draw = (rows: readonly string[]): Uint8Array =>
  Uint8Array.from(rows, (row) => Number.parseInt(row.replaceAll('.', '0').replaceAll('#', '1'), 2));

/** The same drawing for the other eye. */
const mirror = (rows: readonly string[]): string[] =>
  rows.map((row) => [...row].reverse().join(''));

const OPEN = [
  '..####..',
  '.######.',
  '##....##',
  '##.##.##',
  '##.##.##',
  '##....##',
  '.######.',
  '..####..',
];
const SMILE = [
  '........',
  '..####..',
  '.######.',
  '##....##',
  '#......#',
  '........',
  '........',
  '........',
];
/** Outer corners low: of the left eye as the class sees it, the left one. */
const SAD = [
  '.....##.',
  '...####.',
  '.######.',
  '##.##.##',
  '##.##.##',
  '##....##',
  '.######.',
  '..####..',
];
const SMALL = [
  '........',
  '........',
  '..####..',
  '.##..##.',
  '.##..##.',
  '..####..',
  '........',
  '........',
];
const CLOSED = [
  '........',
  '........',
  '........',
  '........',
  '########',
  '.######.',
  '........',
  '........',
];

interface Pair {
  readonly left: Uint8Array;
  readonly right: Uint8Array;
}

const both = (rows: readonly string[]): Pair => ({ left: draw(rows), right: draw(rows) });

const MOODS: Record<Mood, Pair> = {
  neutral: both(OPEN),
  happy: both(SMILE),
  sad: { left: draw(SAD), right: draw(mirror(SAD)) },
  /** One eye wide, one small. */
  confused: { left: draw(OPEN), right: draw(SMALL) },
};
const SHUT = both(CLOSED);
const DARK: EyesLook = { left: new Uint8Array(8), right: new Uint8Array(8), brightness: 0 };

const BRIGHT = 10;
const DIM = 3;
/** Duration of a blink: above the flicker limiter's minimum (flicker.ts). */
const BLINK_MS = 180;
const BLINK_EVERY_MS = 4_300;

/** Pure function of time. The eyes are dark when nobody looks out of them. */
export function eyes(meaning: Meaning, tMs: number): EyesLook {
  switch (meaning.presence) {
    case 'asleep':
    case 'updating':
      return DARK;
    case 'waking':
    case 'lost':
      return { ...SHUT, brightness: DIM };
    case 'pairing':
    case 'here':
    case 'listening': {
      if (meaning.paused) return { ...SHUT, brightness: DIM };
      return { ...(blinks(tMs) ? SHUT : MOODS[meaning.mood]), brightness: BRIGHT };
    }
  }
}

const blinks = (tMs: number): boolean => tMs % BLINK_EVERY_MS >= BLINK_EVERY_MS - BLINK_MS;
