/** What the store forgets: measurements first, then state changes and old alerts; records never. */
import { z } from 'zod';
import type { FleetStore } from '../store/store.ts';

const DAY_MS = 86_400_000;

export const Retention = z.strictObject({
  /** Hourly measurements. */
  telemetryDays: z.number().positive().max(3_650).default(30),
  stateDays: z.number().positive().max(3_650).default(400),
  /** Alerts that are over. */
  alertDays: z.number().positive().max(3_650).default(400),
  /** At most so many rows of each kind of history, whatever their age. */
  maxHistory: z.int().positive().max(1e9).default(5_000_000),
});
export type Retention = z.infer<typeof Retention>;

export async function applyRetention(
  store: FleetStore,
  { telemetryDays, stateDays, alertDays, maxHistory }: Retention,
  now: number,
): Promise<void> {
  await store.intake.dropHistory('telemetry', now - telemetryDays * DAY_MS);
  await store.intake.dropHistory('state', now - stateDays * DAY_MS);
  await store.alerts.dropCleared(now - alertDays * DAY_MS);
  for (const kind of ['telemetry', 'state'] as const)
    await store.intake.limitHistory(kind, maxHistory);
}
