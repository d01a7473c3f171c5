import type { Clock } from '../../hal/ports/clock.ts';
import type { Language } from './language.ts';
import type { Places } from './places.ts';
import type { Terminal } from './terminal.ts';

/** sysexits.h, for scripts that call us. */
export const EXIT = { ok: 0, usage: 64, unavailable: 69, notPermitted: 77, config: 78 } as const;

/** One verb of the `deskmate` command. A new one is a file of its own and a line in verbs.ts. */
export interface Verb {
  readonly name: string;
  /** What follows the name in the help: `[--days N]`. */
  readonly usage: string;
  /** What it is for, a line of at most 60 characters. */
  readonly summary: Readonly<Record<Language, string>>;
  /** Flags of its own, without the dashes. */
  readonly flags: Readonly<Record<string, Flag>>;
  /** How many words may follow the verb. */
  readonly words?: number;
  /** Resolves with the exit code. An error that it throws is a bug. */
  run(call: Call): Promise<number>;
}

export interface Flag {
  readonly type: 'boolean' | 'string';
}

/** What a verb is given. */
export interface Call {
  readonly flags: Readonly<Record<string, string | true>>;
  readonly words: readonly string[];
  readonly language: Language;
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly places: Places;
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
}

/** What was typed cannot be meant: one line, exit code EX_USAGE. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A string flag as it was given. */
export function textFlag({ flags }: Pick<Call, 'flags'>, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
}
