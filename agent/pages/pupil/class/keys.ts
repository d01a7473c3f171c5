/** The keyboard: one table for what a key does and for the help that shows it. */
import type { Mood, PresetName } from '../../../wire/control.ts';
import type { PlainKey } from '../words/dictionaries.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

export type KeyAction =
  | { act: 'turn'; to: Direction }
  | { act: 'straight' }
  | { act: 'stop' }
  | { act: 'hand' }
  | { act: 'listen' }
  | { act: 'preset'; preset: PresetName }
  | { act: 'store'; preset: PresetName }
  | { act: 'mood'; mood: Mood }
  | { act: 'gesture'; gesture: 'nod' | 'shake' }
  | { act: 'volume'; by: number }
  | { act: 'help' }
  | { act: 'leave' };

/** The parts of a KeyboardEvent that matter. */
interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

const VOLUME_STEP = 0.1;

const ALWAYS: Readonly<Record<string, KeyAction>> = {
  ArrowLeft: { act: 'turn', to: 'left' },
  ArrowRight: { act: 'turn', to: 'right' },
  ArrowUp: { act: 'turn', to: 'up' },
  ArrowDown: { act: 'turn', to: 'down' },
  Home: { act: 'straight' },
  Escape: { act: 'stop' },
};

const LETTERS: Readonly<Record<string, KeyAction>> = {
  h: { act: 'hand' },
  m: { act: 'listen' },
  b: { act: 'preset', preset: 'board' },
  t: { act: 'preset', preset: 'teacher' },
  c: { act: 'preset', preset: 'class' },
  n: { act: 'gesture', gesture: 'nod' },
  s: { act: 'gesture', gesture: 'shake' },
  '1': { act: 'mood', mood: 'neutral' },
  '2': { act: 'mood', mood: 'happy' },
  '3': { act: 'mood', mood: 'sad' },
  '4': { act: 'mood', mood: 'confused' },
  '+': { act: 'volume', by: VOLUME_STEP },
  '=': { act: 'volume', by: VOLUME_STEP },
  '-': { act: 'volume', by: -VOLUME_STEP },
  '?': { act: 'help' },
  l: { act: 'leave' },
};

/**
 * What a key press means. Letter keys can be switched off (WCAG 2.1.4: speech input types letters);
 * keys with Ctrl, Alt or the system key belong to the browser.
 */
export function keyAction(press: KeyPress, lettersOn: boolean): KeyAction | undefined {
  if (press.ctrlKey || press.altKey || press.metaKey) return undefined;
  const always = ALWAYS[press.key];
  if (always) return always;
  if (!lettersOn || press.key.length !== 1) return undefined;
  const action = LETTERS[press.key.toLowerCase()];
  if (action?.act === 'preset' && press.shiftKey) return { act: 'store', preset: action.preset };
  return action;
}

export interface KeyHelp {
  readonly what: PlainKey;
  /** Letters as printed on the key, or a phrase for keys that have a name. */
  readonly keys: readonly string[];
  readonly named?: PlainKey;
  readonly withShift?: boolean;
}

export const KEY_HELP: readonly KeyHelp[] = [
  { what: 'keyLook', keys: ['←', '→', '↑', '↓'], named: 'keyArrows' },
  { what: 'keyStraight', keys: ['Home'], named: 'keyHome' },
  { what: 'keyStop', keys: ['Esc'], named: 'keyEscape' },
  { what: 'hand', keys: ['H'] },
  { what: 'listenOff', keys: ['M'] },
  { what: 'board', keys: ['B'] },
  { what: 'teacher', keys: ['T'] },
  { what: 'class', keys: ['C'] },
  { what: 'keyStore', keys: ['B', 'T', 'C'], withShift: true },
  { what: 'nod', keys: ['N'] },
  { what: 'shake', keys: ['S'] },
  { what: 'keyMoods', keys: ['1', '2', '3', '4'] },
  { what: 'keyVolume', keys: ['+', '−'] },
  { what: 'help', keys: ['?'] },
  { what: 'leave', keys: ['L'] },
];

/** Turning by held keys begins gently and gains speed: a short press is a small correction. */
const SLOW_DEG_PER_S = 20;
const FAST_DEG_PER_S = 60;
const GAINS_IN_MS = 900;

export function heldRate(
  held: ReadonlySet<Direction>,
  heldMs: number,
): { pan: number; tilt: number } {
  const gain = Math.min(1, Math.max(0, heldMs / GAINS_IN_MS));
  const speed = SLOW_DEG_PER_S + (FAST_DEG_PER_S - SLOW_DEG_PER_S) * gain;
  const sign = (plus: Direction, minus: Direction): number =>
    Number(held.has(plus)) - Number(held.has(minus));
  // Up and down reach their limits soon: half the speed is enough.
  return { pan: sign('left', 'right') * speed, tilt: (sign('up', 'down') * speed) / 2 };
}
