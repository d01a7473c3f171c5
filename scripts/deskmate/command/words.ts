import type { Dictionaries } from './language.ts';
import { en } from './words/en.ts';
import { nl } from './words/nl.ts';
import { sv } from './words/sv.ts';

export type CommandWords = typeof en;

/** What the command itself says. Verbs that say much have words of their own. */
export const commandWords: Dictionaries<CommandWords> = { en, nl, sv };
