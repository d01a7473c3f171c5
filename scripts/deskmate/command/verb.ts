import {
  EX_CONFIG,
  EX_DATAERR,
  EX_IOERR,
  EX_NOPERM,
  EX_SOFTWARE,
  EX_UNAVAILABLE,
  EX_USAGE,
} from '../../../hal/common/exit-codes.ts';
import type { Clock } from '../../../hal/ports/clock.ts';
import type { Language } from './language.ts';
import type { Places } from './places.ts';
import { type Terminal, tellColumns } from './terminal.ts';

/** Exit codes of sysexits.h; `unchanged` is our own: the confirmation was answered with no. */
export const EXIT = {
  ok: 0,
  unchanged: 1,
  usage: EX_USAGE,
  data: EX_DATAERR,
  unavailable: EX_UNAVAILABLE,
  bug: EX_SOFTWARE,
  io: EX_IOERR,
  notPermitted: EX_NOPERM,
  config: EX_CONFIG,
} as const;

type InEveryLanguage = Readonly<Record<Language, string>>;

/** One verb of the `deskmate` command. A new one is a file of its own and a line in verbs.ts. */
export interface Verb {
  readonly name: string;
  /** Positional arguments, for the help: `DEVICE`. */
  readonly operands?: string;
  /** Its purpose, in at most 60 characters. */
  readonly summary: InEveryLanguage;
  /** Its own flags, without the dashes. */
  readonly flags: Readonly<Record<string, Flag>>;
  /** Maximum number of positional arguments. */
  readonly words?: number;
  /** Resolves with the exit code. Throws CommandError; any other error that it throws is a bug. */
  run(call: Call): Promise<number>;
}

export interface Flag {
  readonly type: 'boolean' | 'string';
  /** One-letter form. */
  readonly short?: string;
  /** Placeholder of its value in the help: `FILE`. */
  readonly value?: string;
  readonly about: InEveryLanguage;
}

/** `--json` of the verbs that have it. */
export const jsonFlag: Flag = {
  type: 'boolean',
  about: {
    en: 'the answer for programs, as JSON; errors too',
    nl: 'het antwoord voor programma’s, als JSON; fouten ook',
    sv: 'svaret för program, som JSON; även fel',
  },
};

/** Input of a verb. */
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

/** Stable error codes for programs; never renamed. */
type ErrorCode =
  | 'usage'
  | 'configMissing'
  | 'configDenied'
  | 'configWrong'
  | 'notPermitted'
  | 'agentAway'
  | 'agentSilent'
  | 'agentRefused'
  | 'notFound'
  | 'ambiguous'
  | 'notConfirmed'
  | 'bug';

/** Why a command failed, as a one-line message. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  constructor(
    readonly code: ErrorCode,
    readonly exit: number,
    message: string,
    /** Additional JSON fields, beside code and message. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** Invalid command line. */
export const usageError = (message: string): CommandError =>
  new CommandError('usage', EXIT.usage, message);

/** The value of a string flag. */
export function textFlag({ flags }: Pick<Call, 'flags'>, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
}

/** `[--json] [--board FILE]`: what follows the verb's name. */
export function usageOf({ flags, operands }: Verb): string {
  const options = Object.entries(flags).map(([name, flag]) => `[${flagName(name, flag)}]`);
  return [...(operands ? [operands] : []), ...options].join(' ');
}

/** `--board FILE`. */
export const flagName = (name: string, { value }: Flag): string =>
  value ? `--${name} ${value}` : `--${name}`;

interface List {
  /** Its `--json` output. */
  readonly forPrograms: object;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Printed when it is empty. */
  readonly none: string;
  /** Printed after the list: what can be done with its entries. */
  readonly next: string;
}

/** Prints a list, as JSON or as a table. */
export function tellList(
  { terminal, flags }: Pick<Call, 'terminal' | 'flags'>,
  { forPrograms, heads, rows, none, next }: List,
): void {
  if (flags.json) terminal.line(JSON.stringify(forPrograms, null, 2));
  else if (rows.length === 0) terminal.line(none);
  else {
    tellColumns(terminal, heads, rows);
    terminal.line();
    terminal.line(next);
  }
}
