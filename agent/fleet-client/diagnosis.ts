/**
 * Why is it off? Answered from what the robot said last, by an ordered
 * table of rules: of those that apply, the first tells. In words: diagnosis-words.ts.
 */
import type { StateCause } from '../wire/fleet.ts';
import { type RobotRow, stateOf } from './robot-row.ts';

const MINUTE_MS = 60_000;

/** Measurements come each minute; an older one than this before the end tells little of it. */
const FRESH_MS = 10 * MINUTE_MS;
/** At this charge or less, on battery, a robot that vanishes has probably run empty. Percent. */
const NEARLY_EMPTY = 10;
/** At this or less Wi-Fi breaks off. dBm. */
const WEAK_DBM = -78;
/** A restart or an update takes no longer. */
const RESTART_MS = 15 * MINUTE_MS;
/** Robots of a school that vanish within this of each other have one cause. */
const TOGETHER_MS = 5 * MINUTE_MS;
/** So many, and at least half of those that were there. */
const MANY = 3;
/** `sure`: the robot said it; `likely`: what it said last points there; `unknown`: nothing does. */
export type Certainty = 'sure' | 'likely' | 'unknown';

/** What a sentence is filled with. Those that are not known are absent. */
export interface DiagnosisFacts {
  readonly batteryPercent?: number;
  readonly dBm?: number;
  readonly computerC?: number;
  readonly version?: string;
  /** Milliseconds since 1970. */
  readonly nextLessonMs?: number;
  readonly certificateUntilMs?: number;
  /** Robots of the school that vanished together. */
  readonly robots?: number;
  readonly faults?: readonly string[];
}

export interface Diagnosis<C extends string = string> {
  readonly cause: C;
  /** Since when, milliseconds since 1970; absent when that is not known. */
  readonly sinceMs?: number;
  readonly certainty: Certainty;
  readonly facts: DiagnosisFacts;
}

export interface Case {
  readonly row: RobotRow;
  /** Rows of the same school; its own among them is passed over. */
  readonly school: readonly RobotRow[];
  readonly nowMs: number;
}

interface Rule<C extends string> {
  readonly cause: C;
  readonly certainty: Certainty;
  readonly when: (of: Case) => boolean;
  readonly facts?: (of: Case) => DiagnosisFacts;
}

/** Keeps the name of its cause as a type. */
export const rule = <const C extends string>(rule: Rule<C>): Rule<C> => rule;

const isState = (row: RobotRow, ...states: readonly string[]): boolean =>
  states.includes(stateOf(row)?.state ?? '');
const isLost = ({ row }: Case): boolean => isState(row, 'lost');
/** What it said of itself when it went. */
const saidCause = ({ row }: Case, cause: StateCause): boolean =>
  isState(row, 'disconnected', 'sleeping') && row.own?.cause === cause;
/** It vanished, and the last measurement is of shortly before. */
const lastMeasured = ({ row }: Case) => {
  const { lostMs, measured } = row;
  if (lostMs === undefined || !measured || !isState(row, 'lost')) return undefined;
  return lostMs - measured.mark.receivedMs <= FRESH_MS ? measured : undefined;
};
const isYoung = ({ row, nowMs }: Case): boolean =>
  nowMs - (stateOf(row)?.sinceMs ?? nowMs) <= RESTART_MS;

const heat = ({ row }: Case): DiagnosisFacts =>
  row.measured ? { computerC: row.measured.computerC } : {};
const charge = ({ row }: Case): DiagnosisFacts =>
  row.measured ? { batteryPercent: row.measured.batteryPercent } : {};
const version = ({ row }: Case): DiagnosisFacts => (row.own ? { version: row.own.version } : {});
/** When the next lesson is. */
export const next = ({ row, nowMs }: Case): DiagnosisFacts => {
  const ms = row.measured?.nextLessonMs;
  return typeof ms === 'number' && ms > nowMs ? { nextLessonMs: ms } : {};
};

/** Robots of the school, itself included, that vanished at about the same time. */
function vanishedTogether({ row, school }: Case): number {
  const { lostMs, id } = row;
  if (lostMs === undefined || row.school === undefined) return 0;
  const others = school.filter((other) => other.id !== id && other.school === row.school);
  const gone = others.filter(
    (other) => isState(other, 'lost') && Math.abs((other.lostMs ?? 0) - lostMs) <= TOGETHER_MS,
  );
  const there = others.filter((other) => (other.seenMs ?? 0) >= lostMs - TOGETHER_MS);
  return gone.length * 2 >= there.length ? gone.length + 1 : 0;
}

/** What the robot said goes before what is concluded, and a school's trouble before one robot's. */
export const offRules = [
  rule({
    cause: 'neverSeen',
    certainty: 'sure',
    when: ({ row }) => stateOf(row) === undefined && row.seenMs === undefined,
  }),
  rule({
    cause: 'switchedOff',
    certainty: 'sure',
    when: (of) => saidCause(of, 'switchedOff'),
  }),
  rule({
    cause: 'batteryEmpty',
    certainty: 'sure',
    when: (of) => saidCause(of, 'batteryEmpty'),
    facts: charge,
  }),
  rule({ cause: 'tooHot', certainty: 'sure', when: (of) => saidCause(of, 'tooHot'), facts: heat }),
  rule({
    cause: 'updating',
    certainty: 'sure',
    when: (of) => (saidCause(of, 'update') || isState(of.row, 'updating')) && isYoung(of),
    facts: version,
  }),
  rule({
    cause: 'restarting',
    certainty: 'sure',
    when: (of) => saidCause(of, 'restart') && isYoung(of),
  }),
  rule({
    cause: 'asleep',
    certainty: 'sure',
    when: (of) => saidCause(of, 'timetable'),
    facts: next,
  }),
  rule({
    cause: 'updateStuck',
    certainty: 'likely',
    when: (of) =>
      saidCause(of, 'update') ||
      isState(of.row, 'updating') ||
      (isLost(of) && of.row.own?.state === 'updating'),
    facts: version,
  }),
  rule({
    cause: 'notBackFromRestart',
    certainty: 'likely',
    when: (of) => saidCause(of, 'restart'),
  }),
  rule({
    cause: 'regionOffline',
    certainty: 'likely',
    when: (of) => isLost(of) && vanishedTogether(of) >= MANY,
    facts: (of) => ({ robots: vanishedTogether(of) }),
  }),
  rule({
    cause: 'certificateEnded',
    certainty: 'likely',
    when: ({ row, nowMs }) =>
      isState(row, 'lost', 'disconnected') && (row.measured?.certificateUntilMs ?? nowMs) < nowMs,
    facts: ({ row }) =>
      row.measured?.certificateUntilMs === undefined
        ? {}
        : { certificateUntilMs: row.measured.certificateUntilMs },
  }),
  rule({
    cause: 'batteryEmpty',
    certainty: 'likely',
    when: (of) => {
      const measured = lastMeasured(of);
      if (!measured || measured.charging === true) return false;
      return measured.batteryLevel === 'empty' || measured.batteryPercent <= NEARLY_EMPTY;
    },
    facts: charge,
  }),
  rule({
    cause: 'tooHot',
    certainty: 'likely',
    when: (of) => lastMeasured(of)?.heatLevel === 'critical',
    facts: heat,
  }),
  rule({
    cause: 'weakSignal',
    certainty: 'likely',
    when: (of) => (lastMeasured(of)?.dBm ?? 0) <= WEAK_DBM,
    facts: ({ row }) => (row.measured?.dBm === undefined ? {} : { dBm: row.measured.dBm }),
  }),
  rule({
    cause: 'clockWrong',
    certainty: 'likely',
    when: (of) => isLost(of) && of.row.clockUnsureMs !== undefined,
  }),
  rule({
    cause: 'stopped',
    certainty: 'sure',
    when: ({ row }) => isState(row, 'disconnected'),
  }),
  rule({
    cause: 'asleepSpent',
    certainty: 'likely',
    when: ({ row }) => isState(row, 'sleeping'),
    facts: charge,
  }),
  rule({ cause: 'connectionLost', certainty: 'unknown', when: isLost }),
  rule({
    cause: 'silent',
    certainty: 'unknown',
    when: ({ row }) => stateOf(row) === undefined,
  }),
] as const;

export type OffCause = (typeof offRules)[number]['cause'];

/** Undefined: it is on. `school`: rows of its school, or of the whole fleet. */
export function whyOff(
  row: RobotRow,
  school: readonly RobotRow[],
  nowMs: number,
): Diagnosis<OffCause> | undefined {
  const sinceMs = stateOf(row)?.sinceMs ?? row.seenMs ?? row.addedMs;
  return firstOf<OffCause>(offRules, { row, school, nowMs }, sinceMs);
}

/** What the first rule that applies says; undefined: none does. */
export function firstOf<C extends string>(
  rules: readonly Rule<C>[],
  of: Case,
  sinceMs: number | undefined,
): Diagnosis<C> | undefined {
  const found = rules.find(({ when }) => when(of));
  if (!found) return undefined;
  const { cause, certainty } = found;
  const since = sinceMs === undefined ? {} : { sinceMs };
  return { cause, certainty, ...since, facts: found.facts?.(of) ?? {} };
}
