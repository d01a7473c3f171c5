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

/** sysexits.h, for scripts that call us; `unchanged` is ours: asked, and answered with no. */
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
  /** The words that follow the name, for the help: `DEVICE`. */
  readonly operands?: string;
  /** What it is for, a line of at most 60 characters. */
  readonly summary: InEveryLanguage;
  /** Flags of its own, without the dashes. */
  readonly flags: Readonly<Record<string, Flag>>;
  /** How many words may follow the verb. */
  readonly words?: number;
  /** Resolves with the exit code. Throws CommandError; any other error that it throws is a bug. */
  run(call: Call): Promise<number>;
}

export interface Flag {
  readonly type: 'boolean' | 'string';
  /** One letter that means the same. */
  readonly short?: string;
  /** What its value is, in the help: `FILE`. */
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

/** What programs tell errors by. None is ever renamed. */
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

/** Why a command failed, in one line for people. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  constructor(
    readonly code: ErrorCode,
    readonly exit: number,
    message: string,
    /** More for programs, beside code and message. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** What was typed cannot be meant. */
export const usageError = (message: string): CommandError =>
  new CommandError('usage', EXIT.usage, message);

/** A string flag as it was given. */
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
  /** What `--json` says of it. */
  readonly forPrograms: object;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Said when it is empty. */
  readonly none: string;
  /** What can be done about what is listed. */
  readonly next: string;
}

/** A list, as a verb's flags ask for it. */
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
