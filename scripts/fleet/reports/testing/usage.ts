import { createHash } from 'node:crypto';
import type { UsageRecord } from '../../../../agent/wire/fleet.ts';
import type { StoredUsage } from '../usage-input.ts';

type Given = Partial<UsageRecord> & { readonly start: number; readonly end: number };

/** A usage record of a robot that knows the time; its id is of robot and start. */
export function usage(given: Given): StoredUsage {
  const robot = given.robot ?? 'robot-1';
  const id = createHash('sha256').update(`${robot} ${given.start}`).digest('hex').slice(0, 32);
  const record: UsageRecord = {
    ...{ id, robot, why: 'hangUp' },
    ...{ handsRaised: 0, handsAcknowledged: 0, pauses: 0, interruptions: 0 },
    ...{ videoLatencyMs: null, lossRatio: null },
    clock: { boot: 'b1', monotonicMs: 0, trust: 'sure', source: 'ntp' },
    minutes: (given.end - given.start) / 60_000,
    ...given,
  };
  return { record };
}
