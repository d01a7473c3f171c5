/** Which phrase says what a light says. */
import type { EyesMeaning, HandMeaning, RingMeaning } from '../model/meaning.ts';
import type { PlainKey } from './dictionaries.ts';

export const RING_WORDS: Readonly<Record<RingMeaning, PlainKey>> = {
  off: 'ringOff',
  here: 'ringHere',
  listening: 'ringListening',
  paused: 'ringPaused',
  lost: 'ringLost',
  updating: 'ringUpdating',
  fault: 'ringFault',
  pairing: 'ringPairing',
};

export const HAND_WORDS: Readonly<Record<HandMeaning, PlainKey>> = {
  down: 'handDown',
  up: 'handUp',
  seen: 'handSeen',
};

export const EYES_WORDS: Readonly<Record<EyesMeaning, PlainKey>> = {
  dark: 'eyesDark',
  shut: 'eyesShut',
  open: 'eyesOpen',
};
