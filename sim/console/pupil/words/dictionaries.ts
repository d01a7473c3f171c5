import type { Dictionaries, Translate } from '../../shared/i18n.ts';
import { en, type PupilWords } from './en.ts';
import { nl } from './nl.ts';
import { sv } from './sv.ts';

export const dictionaries: Dictionaries<PupilWords> = { nl, sv, en };

export type Say = Translate<PupilWords>;
export type WordKey = keyof PupilWords;

type Placed = { [K in WordKey]: PupilWords[K] extends `${string}{${string}` ? K : never }[WordKey];
/** Phrases without places: those that tables may name. */
export type PlainKey = Exclude<WordKey, Placed>;
