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
import {
  type Flags,
  type FlagValue,
  flagName,
  type InEveryLanguage,
  type Operand,
  operandName,
} from './flag.ts';
import type { Language } from './language.ts';
import type { Places } from './places.ts';
import type { Terminal } from './terminal.ts';

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

/** Verbs that belong together: `fleet` of `deskmate fleet init`. */
export interface Group {
  readonly name: string;
  readonly summary: InEveryLanguage;
  readonly parent?: Group;
}

/** A command line that works as it stands, for the help. Each is parsed by a test. */
export interface Example {
  /** The words after `deskmate`, unquoted. */
  readonly args: readonly string[];
  readonly about: InEveryLanguage;
}

/**
 * One verb of the `deskmate` command. A new one is a file of its own and a line in verbs.ts. The
 * value is loaded at every start: what its `run` needs beyond command/ it imports inside `run`.
 */
export interface Verb {
  readonly name: string;
  /** The group that it is in; without one it is `deskmate NAME`. */
  readonly parent?: Group;
  /** Required ones first. */
  readonly operands?: readonly Operand[];
  /** Its purpose, in at most 60 characters. */
  readonly summary: InEveryLanguage;
  /** Its own flags, without the dashes. A name has the same type and letter in all verbs. */
  readonly flags: Flags;
  readonly examples?: readonly Example[];
  /** For programs: not in the help, not completed. */
  readonly hidden?: true;
  /** Resolves with the exit code. Throws CommandError; any other error that it throws is a bug. */
  run(call: Call): Promise<number>;
}

/** Input of a verb. */
export interface Call {
  readonly flags: Readonly<Record<string, FlagValue>>;
  readonly words: readonly string[];
  readonly language: Language;
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly places: Places;
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
  /** All verbs, in the order of the help. */
  readonly verbs: readonly Verb[];
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
  | 'keyMissing'
  | 'keyExists'
  | 'keyExposed'
  | 'keyWrong'
  | 'fleetMissing'
  | 'fleetExists'
  | 'fleetExposed'
  | 'fleetIncomplete'
  | 'fleetBusy'
  | 'passphraseNeeded'
  | 'passphraseWrong'
  | 'fileWrong'
  | 'robotRefused'
  | 'grantRefused'
  | 'auditWrong'
  | 'serverMissing'
  | 'serverAway'
  | 'serverStrange'
  | 'serverRefused'
  | 'loginRefused'
  | 'serviceWrong'
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

/** `['fleet', 'init']` of `deskmate fleet init`. */
export function pathOf({ name, parent }: Pick<Verb, 'name' | 'parent'>): readonly string[] {
  return parent ? [...pathOf(parent), name] : [name];
}

/** `DEVICE [--json] [--board FILE]`: what follows the verb's name. */
export function usageOf({ flags, operands = [] }: Verb): string {
  const options = Object.entries(flags).map(
    ([name, flag]) =>
      `[${flagName(name, flag)}]${'repeated' in flag && flag.repeated ? '...' : ''}`,
  );
  return [...operands.map(operandName), ...options].join(' ');
}
