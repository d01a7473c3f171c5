import type { AgentStatus } from '../../../agent/access/admin-client.ts';
import type { Config as AgentConfig } from '../../../agent/config.ts';
import type { MediaConfig } from '../../../agent/media/config.ts';
import type { Config as FirmwareConfig } from '../../../firmware/config.ts';
import type { Board } from '../../../hal/boards/board.ts';
import type { PlaceValues } from '../command/language.ts';
import type { HostProbe } from './host-probe.ts';
import type { en } from './words/en.ts';

export type DoctorWords = typeof en;

/** `notExamined`: could not be examined; the finding says why. */
export type Verdict = 'ok' | 'notExamined' | 'warning' | 'problem';

/** A sentence of words/ by its key, with the values of its placeholders, which may be phrases. */
export interface Phrase {
  readonly key: keyof DoctorWords;
  readonly values: Readonly<Record<string, Filling>>;
}
type Filling = string | number | Phrase;

/** One result of a check. */
export interface Finding extends Phrase {
  readonly verdict: Verdict;
}

type Fillings<K extends keyof DoctorWords> =
  PlaceValues<DoctorWords[K]> extends [infer V]
    ? [values: { readonly [P in keyof V]: Filling }]
    : [];
type Say = <K extends keyof DoctorWords>(key: K, ...values: Fillings<K>) => Finding;

export function phrase<K extends keyof DoctorWords>(key: K, ...[values]: Fillings<K>): Phrase {
  return { key, values: values ?? {} };
}

const finder =
  (verdict: Verdict): Say =>
  (key, ...[values]) => ({ verdict, key, values: values ?? {} });

export const ok = finder('ok');
export const notExamined = finder('notExamined');
export const warning = finder('warning');
export const problem = finder('problem');

/** What is examined. Parts that could not be determined are undefined; one check says why. */
export interface Subject {
  readonly board: Board | undefined;
  /** Why there is no board: the board reader's message. */
  readonly boardWhy: string;
  /** The board was given by the caller: nothing needs to be installed then. */
  readonly boardAsked: boolean;
  readonly firmware: Read<FirmwareConfig>;
  readonly media: Read<MediaConfig>;
  readonly agent: Read<AgentConfig>;
  /** The running agent's status; undefined when it does not run. */
  readonly status: AgentStatus | undefined;
  /** Firmware is using the body's devices: they must not be disturbed. */
  readonly firmwareRuns: boolean;
}

export type Read<C> =
  | {
      readonly kind: 'read';
      readonly file: string;
      readonly config: C;
      /** Fields unknown to this version. */
      readonly notes?: readonly { readonly file: string; readonly why: string }[];
    }
  | { readonly kind: 'missing' | 'denied'; readonly file: string }
  | { readonly kind: 'wrong'; readonly file: string; readonly why: string };

export interface Check {
  /** Its name is also a key of the dictionary. */
  readonly name: CheckName;
  /** Timeout, longer than its queries ever take; exceeding it is itself a finding. */
  readonly withinMs: number;
  run(machine: HostProbe, subject: Subject): Promise<readonly Finding[]>;
}

/** A check of one part of the board; skipped if the board lacks it or is unknown. */
export const checkOfPart = <Part extends 'i2c' | 'gpio' | 'camera' | 'sound'>(
  name: Part,
  withinMs: number,
  run: (
    machine: HostProbe,
    wiring: NonNullable<Board[Part]>,
    subject: Subject,
  ) => Promise<readonly Finding[]>,
): Check => ({
  name,
  withinMs,
  async run(machine, subject) {
    const wiring = subject.board?.[name];
    if (!wiring) return [notExamined(subject.board ? 'notOnBoard' : 'boardFirst')];
    return run(machine, wiring, subject);
  },
});

export type CheckName =
  | 'board'
  | 'config'
  | 'i2c'
  | 'gpio'
  | 'camera'
  | 'sound'
  | 'network'
  | 'clock'
  | 'disk'
  | 'permissions'
  | 'computer'
  | 'services'
  | 'node'
  | 'watchdog';
