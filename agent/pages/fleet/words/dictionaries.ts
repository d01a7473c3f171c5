import type { Dictionaries, PlainKeyOf, Translate } from '../../shared/i18n.ts';
import { en, type FleetWords } from './en.ts';
import { nl } from './nl.ts';
import { sv } from './sv.ts';

export const dictionaries: Dictionaries<FleetWords> = { nl, sv, en };

export type Say = Translate<FleetWords>;
export type PlainKey = PlainKeyOf<FleetWords>;
