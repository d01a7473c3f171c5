import type { Dictionaries } from '../../command/language.ts';
import { en } from './en.ts';
import { nl } from './nl.ts';
import { sv } from './sv.ts';

export const doctorWords: Dictionaries<typeof en> = { en, nl, sv };
