import type { Dictionaries, PlainKeyOf, Translate } from '../../../../agent/pages/shared/i18n.ts';
import { en, type RobotWords } from './en.ts';
import { nl } from './nl.ts';
import { sv } from './sv.ts';

export const dictionaries: Dictionaries<RobotWords> = { nl, sv, en };

export type Say = Translate<RobotWords>;

/** Phrases without places: those that tables may name. */
export type PlainKey = PlainKeyOf<RobotWords>;
