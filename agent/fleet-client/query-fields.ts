/** The fields that robots can be found by. Their words: query-field-words.ts. */
import { LifeState } from '../wire/fleet.ts';
import { TRUSTS } from '../wire/time-mark.ts';
import {
  BATTERY_LEVELS,
  HEAT_LEVELS,
  isInLesson,
  isOffline,
  type RobotRow,
  stateOf,
} from './robot-row.ts';

type Flags = Readonly<Record<string, (row: RobotRow) => boolean>>;

/** How a field is compared. What `read` does not know is undefined. */
export type Field =
  /** Any of several fits. */
  | { readonly type: 'text'; readonly read: (row: RobotRow) => readonly (string | undefined)[] }
  | {
      readonly type: 'choice';
      readonly choices: readonly string[];
      readonly read: (row: RobotRow) => string | undefined;
    }
  | { readonly type: 'flag'; readonly flags: Flags }
  | { readonly type: 'version'; readonly read: (row: RobotRow) => string | undefined }
  | {
      readonly type: 'number';
      /** Size of each unit; without the empty one, a unit must be written. */
      readonly units: Readonly<Record<string, number>>;
      /** As written. */
      readonly example: string;
      readonly read: (row: RobotRow, nowMs: number) => number | undefined;
    };

const MINUTE = 60_000;
const spans = {
  ...{ s: 1_000, min: MINUTE, h: 60 * MINUTE, d: 1_440 * MINUTE, w: 7 * 1_440 * MINUTE },
} as const;
const plain = { '': 1 } as const;

/** Never is infinitely long ago. */
const age = (ms: number | undefined, nowMs: number): number =>
  ms === undefined ? Number.POSITIVE_INFINITY : nowMs - ms;

const settingStates = (row: RobotRow): string[] =>
  Object.values(row.settings?.sections ?? {}).map(({ state }) => state);

const is: Flags = {
  online: (row) => !isOffline(row),
  offline: isOffline,
  lesson: isInLesson,
  assigned: ({ measured }) => (measured?.devices ?? 0) > 0,
  unassigned: ({ measured }) => measured?.devices === 0,
  charging: ({ measured }) => measured?.charging === true,
  used: ({ lastUsedMs }) => lastUsedMs !== undefined,
  seen: ({ seenMs }) => seenMs !== undefined,
};

const has: Flags = {
  fault: ({ own }) => (own?.faults.length ?? 0) > 0,
  school: ({ school }) => school !== undefined,
  name: ({ name }) => name !== undefined,
  lesson: ({ measured }) => typeof measured?.nextLessonMs === 'number',
  trying: (row) => settingStates(row).includes('trying'),
  rejected: (row) => settingStates(row).includes('rejected'),
};

type Measured = NonNullable<RobotRow['measured']>;

const choice = (
  choices: readonly string[],
  read: (row: RobotRow) => string | undefined,
): Field => ({ type: 'choice', choices, read });
const amount = (
  units: Readonly<Record<string, number>>,
  example: string,
  read: (measured: Measured) => number | undefined,
): Field => ({
  type: 'number',
  units,
  example,
  read: ({ measured }) => measured && read(measured),
});
const span = (
  example: string,
  read: (row: RobotRow, nowMs: number) => number | undefined,
): Field => ({
  ...{ type: 'number', units: spans, example, read },
});

export const fields = {
  robot: { type: 'text', read: ({ id }) => [id] },
  name: { type: 'text', read: ({ name }) => [name] },
  school: { type: 'text', read: ({ school }) => [school] },
  state: choice(LifeState.options, (row) => stateOf(row)?.state),
  is: { type: 'flag', flags: is },
  has: { type: 'flag', flags: has },
  fault: { type: 'text', read: ({ own }) => own?.faults ?? [] },
  doing: { type: 'text', read: ({ own }) => [own?.doing] },
  version: { type: 'version', read: ({ own }) => own?.version },
  battery: amount({ '': 1, '%': 1 }, '20%', ({ batteryPercent }) => batteryPercent),
  batteryLevel: choice(BATTERY_LEVELS, ({ measured }) => measured?.batteryLevel),
  heat: amount({ '': 1, C: 1, '°C': 1 }, '70C', ({ computerC }) => computerC),
  heatLevel: choice(HEAT_LEVELS, ({ measured }) => measured?.heatLevel),
  network: { type: 'text', read: ({ measured }) => [measured?.network] },
  signal: amount({ '': 1, dBm: 1 }, '-75dBm', ({ dBm }) => dBm),
  disk: amount({ kB: 1e-3, MB: 1, GB: 1e3, TB: 1e6 }, '500MB', ({ diskFreeMB }) => diskFreeMB),
  devices: amount(plain, '0', ({ devices }) => devices),
  phase: amount(plain, '3', ({ phase }) => phase),
  seen: span('2h', ({ seenMs }, nowMs) => age(seenMs, nowMs)),
  lastUsed: span('14d', ({ lastUsedMs }, nowMs) => age(lastUsedMs, nowMs)),
  since: span('30min', (row, nowMs) => age(stateOf(row)?.sinceMs, nowMs)),
  added: span('7d', ({ addedMs }, nowMs) => (addedMs === undefined ? undefined : nowMs - addedMs)),
  nextLesson: span('2h', ({ measured }, nowMs) => {
    const ms = measured?.nextLessonMs;
    return typeof ms === 'number' ? ms - nowMs : undefined;
  }),
  certificate: span('30d', ({ measured }, nowMs) => {
    const ms = measured?.certificateUntilMs;
    return ms === undefined ? undefined : ms - nowMs;
  }),
  clock: choice(TRUSTS, ({ measured }) => measured?.trust),
  settings: {
    type: 'text',
    read: ({ settings }) =>
      Object.entries(settings?.sections ?? {}).map(([section, { state }]) => `${section}-${state}`),
  },
} as const satisfies Readonly<Record<string, Field>>;

export type FieldName = keyof typeof fields;
export const FIELD_NAMES = Object.keys(fields) as readonly FieldName[];

/** By its name, whatever the case. */
export function fieldNamed(text: string): FieldName | undefined {
  const lower = text.toLowerCase();
  return FIELD_NAMES.find((name) => name.toLowerCase() === lower);
}

/** Values that are always possible: for completion and help. */
export function choicesOf(name: FieldName): readonly string[] {
  const field: Field = fields[name];
  if (field.type === 'choice') return field.choices;
  return field.type === 'flag' ? Object.keys(field.flags) : [];
}
