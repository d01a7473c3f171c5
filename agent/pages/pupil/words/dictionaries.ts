import type { Dictionaries, PlainKeyOf, Translate } from '../../shared/i18n.ts';
import { en, type PupilWords } from './en.ts';
import { nl } from './nl.ts';
import { sv } from './sv.ts';

export const dictionaries: Dictionaries<PupilWords> = { nl, sv, en };

export type Say = Translate<PupilWords>;
export type WordKey = keyof PupilWords;

export type PlainKey = PlainKeyOf<PupilWords>;
