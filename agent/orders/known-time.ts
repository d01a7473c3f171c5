import { judges } from '../time/moment.ts';
import type { TimeOfDay } from '../time/time-service.ts';

/** The time by which orders are judged, in seconds since 1970. */
export interface KnownTime {
  /** If a trusted clock says so. */
  readonly nowS: number | undefined;
  /** Certainly past, whatever the clock says. */
  readonly pastS: number;
}

export function knownTime(time: TimeOfDay): KnownTime {
  const { wallMs, trust } = time.now();
  const nowS = judges(trust) ? wallMs / 1_000 : undefined;
  return { nowS, pastS: Math.max(0, time.floorMs / 1_000) };
}
