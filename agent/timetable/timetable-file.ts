/** How the timetable is kept on disk. */
import { z } from 'zod';
import { enveloped, type Fields } from '../../hal/common/envelope.ts';
import { expectShape, sortOut } from '../state/parsing.ts';
import type { StateFormat } from '../state/state-file.ts';
import { Allowance, Timetable } from '../wire/timetable.ts';

export const TIMETABLE_FILE = 'timetable.json';
/** Allowances that are kept at once. */
export const MAX_ALLOWANCES = 32;

/** An allowance, with its start by the monotonic clock of the boot in which it came. */
export const KeptAllowance = Allowance.and(
  z.looseObject({
    counted: z
      .looseObject({ boot: z.string().min(1).max(64), fromMonotonicMs: z.number() })
      .exactOptional(),
  }),
);
export type KeptAllowance = z.infer<typeof KeptAllowance>;

const File = z.looseObject({
  timetable: Timetable.nullable(),
  /** When the fleet last confirmed it: trusted time, milliseconds since 1970. */
  confirmedMs: z.number().nonnegative().nullable(),
  allowances: z.array(z.unknown()).max(1_000),
});

export interface TimetableFile {
  readonly timetable: Timetable | undefined;
  readonly confirmedMs: number | undefined;
  readonly allowances: readonly KeptAllowance[];
  /** Fields and allowances that are not understood: a newer version's; kept. */
  readonly strange: readonly unknown[];
  readonly rest: Fields;
}

export const noTimetable: TimetableFile = {
  ...{ timetable: undefined, confirmedMs: undefined },
  ...{ allowances: [], strange: [], rest: {} },
};

const schema = enveloped('timetable');

export const timetableFormat: StateFormat<TimetableFile> = {
  schema,
  read(fields, written) {
    const { timetable, confirmedMs, allowances, ...rest } = expectShape(File, fields);
    const { known, strange } = sortOut(KeptAllowance, allowances);
    const value = {
      ...{ timetable: timetable ?? undefined, confirmedMs: confirmedMs ?? undefined, rest },
      ...{ allowances: known, strange: strange.slice(-MAX_ALLOWANCES) },
    };
    // A newer version's own format is not damage.
    return { value, strange: written.version > schema.migrations.length ? 0 : strange.length };
  },
  write: ({ timetable, confirmedMs, allowances, strange, rest }) => ({
    ...rest,
    ...{ timetable: timetable ?? null, confirmedMs: confirmedMs ?? null },
    allowances: [...strange, ...allowances],
  }),
};
