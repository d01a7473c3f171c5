/**
 * A robot as the page shows it, read from a row of the fleet service. Whatever a row lacks, because
 * the robot is old or has never said it, is absent; a row that cannot be read at all is passed over.
 */
import { z } from 'zod';
import { LifeState, StateMessage, Telemetry } from '../../../wire/fleet.ts';
import { SectionReport } from '../../../wire/settings.ts';
import { PlaceId, RobotId } from '../../../wire/topics.ts';

/** `unknown`: it never said. */
export type ShownState = LifeState | 'unknown';

export interface Robot {
  readonly id: string;
  readonly name: string | undefined;
  readonly school: string | undefined;
  readonly state: ShownState;
  /** All times: milliseconds since 1970. */
  readonly sinceMs: number | undefined;
  readonly seenMs: number | undefined;
  readonly doing: string | undefined;
  readonly version: string | undefined;
  readonly faults: readonly string[];
  readonly measured: Measured | undefined;
  readonly sections: Readonly<Record<string, SectionReport>>;
  /** Encryption key and consent, signed by the robot. */
  readonly identity: string | undefined;
  /** The row as it came, for queries and diagnosis. */
  readonly row: Readonly<Record<string, unknown>>;
}

export interface Measured {
  readonly atMs: number;
  readonly batteryPercent: number;
  readonly charging: boolean | undefined;
  readonly computerC: number;
  readonly dBm: number | undefined;
  readonly diskFreeMB: number | undefined;
  readonly certificateUntilMs: number | undefined;
  readonly devices: number | undefined;
  readonly phase: number | undefined;
  /** Null: there is none. */
  readonly nextLessonMs: number | null | undefined;
}

const ms = z.number().nullish();
const Mark = z.looseObject({ atMs: z.number(), receivedMs: z.number(), trusted: z.boolean() });
/** Facts as the robot sent them, or folded into one row: a service has one of the two. */
const Row = z.looseObject({
  id: RobotId,
  name: z.string().max(80).nullish(),
  school: PlaceId.nullish(),
  ...{ seen: ms, seenMs: ms, lostMs: ms, identity: z.string().nullish() },
  state: z.looseObject({ state: z.string() }).nullish().catch(null),
  telemetry: z.unknown(),
  reported: z
    .looseObject({ sections: z.record(z.string(), SectionReport) })
    .nullish()
    .catch(null),
  own: z
    .looseObject({ mark: Mark, state: LifeState, version: z.string(), faults: z.array(z.string()) })
    .extend({ doing: z.string().optional() })
    .optional()
    .catch(undefined),
  measured: z
    .looseObject({ mark: Mark, batteryPercent: z.number(), computerC: z.number() })
    .optional()
    .catch(undefined),
  settings: z
    .looseObject({ sections: z.record(z.string(), SectionReport) })
    .optional()
    .catch(undefined),
});
type Row = z.infer<typeof Row>;

export function robotOf(json: unknown): Robot | undefined {
  const parsed = Row.safeParse(json);
  if (!parsed.success) return undefined;
  const row = parsed.data;
  return {
    ...{ id: row.id, name: row.name ?? undefined, school: row.school ?? undefined },
    ...{ seenMs: row.seenMs ?? row.seen ?? undefined, identity: row.identity ?? undefined },
    ...lifeOf(row),
    measured: measuredOf(row),
    sections: row.settings?.sections ?? row.reported?.sections ?? {},
    row,
  };
}

type Life = Pick<Robot, 'state' | 'sinceMs' | 'doing' | 'version' | 'faults'>;

const SILENT: Life = {
  ...{ state: 'unknown', sinceMs: undefined, doing: undefined, version: undefined, faults: [] },
};

function lifeOf({ own, lostMs, state }: Row): Life {
  if (own) {
    const { mark, version, faults, doing } = own;
    const lost = typeof lostMs === 'number' && lostMs > mark.receivedMs;
    const sinceMs = mark.trusted ? mark.atMs : mark.receivedMs;
    return lost
      ? { state: 'lost', sinceMs: lostMs, doing: undefined, version, faults: [] }
      : { state: own.state, sinceMs, doing, version, faults };
  }
  if (typeof lostMs === 'number') return { ...SILENT, state: 'lost', sinceMs: lostMs };
  const said = StateMessage.safeParse(state).data;
  // Teachers are told the state alone.
  const only = LifeState.safeParse(state?.state).data;
  if (!said) return only ? { ...SILENT, state: only } : SILENT;
  const { version, faults, doing, since } = said;
  return { state: said.state, sinceMs: since, doing, version, faults };
}

const Folded = z.looseObject({
  ...{ charging: z.boolean().optional(), dBm: z.number().optional() },
  ...{ diskFreeMB: z.number().optional(), certificateUntilMs: z.number().optional() },
  ...{ devices: z.number().optional(), phase: z.number().optional() },
  nextLessonMs: z.number().nullable().optional(),
});

function measuredOf({ measured, telemetry }: Row): Measured | undefined {
  if (measured) {
    const { mark, batteryPercent, computerC } = measured;
    const more = Folded.safeParse(measured).data;
    return { atMs: mark.receivedMs, batteryPercent, computerC, ...optional(more) };
  }
  const said = Telemetry.safeParse(telemetry).data;
  if (!said) return undefined;
  const { at, batteryPercent, computerC } = said;
  const signal = z.looseObject({ dBm: z.number() }).safeParse(said.signal).data;
  const { certificateUntil: certificateUntilMs, nextLesson: nextLessonMs } = said;
  const more = { ...said, dBm: signal?.dBm, certificateUntilMs, nextLessonMs };
  return { atMs: at, batteryPercent, computerC, ...optional(Folded.safeParse(more).data) };
}

const optional = (said: z.infer<typeof Folded> | undefined) => ({
  ...{ charging: said?.charging, dBm: said?.dBm, diskFreeMB: said?.diskFreeMB },
  ...{ certificateUntilMs: said?.certificateUntilMs, devices: said?.devices },
  ...{ phase: said?.phase, nextLessonMs: said?.nextLessonMs },
});

/** Nobody reaches it. */
export const isOff = ({ state }: Pick<Robot, 'state'>): boolean =>
  state === 'lost' || state === 'disconnected' || state === 'unknown';

/** How much somebody should look at it. */
export type Tone = 'good' | 'busy' | 'calm' | 'bad';
export const TONES: Readonly<Record<ShownState, Tone>> = {
  ...{ ready: 'good', live: 'busy', paused: 'busy', init: 'calm', updating: 'calm' },
  ...{ sleeping: 'calm', alert: 'bad', lost: 'bad', disconnected: 'calm', unknown: 'calm' },
};
