/** A row of the fleet service, which has facts as the robot sent them, folded into one value. */
import { z } from 'zod';
import { StateMessage, Telemetry } from '../wire/fleet.ts';
import { Reported } from '../wire/settings.ts';
import { PlaceId, RobotId } from '../wire/topics.ts';
import type { RobotRow } from './robot-row.ts';
import { newRow, withReported, withState, withTelemetry } from './row-folds.ts';

const ms = z.number().nullish().catch(null);
const ServiceRow = z.looseObject({
  id: RobotId,
  name: z.string().max(60).nullish().catch(null),
  school: PlaceId.nullish().catch(null),
  ...{ added: ms, seen: ms, lastUsedMs: ms },
});

/** What the robot never said, or what cannot be read, is absent. Throws for a row without id. */
export function foldedRow(row: Readonly<Record<string, unknown>>): RobotRow {
  const { id, name, school, added, seen, lastUsedMs } = ServiceRow.parse(row);
  const receivedMs = seen ?? 0;
  let made = newRow(id, {
    ...(typeof name === 'string' && { name }),
    ...(typeof school === 'string' && { school }),
    ...(typeof added === 'number' && { addedMs: added }),
  });
  const measuring = Telemetry.safeParse(row.telemetry).data;
  const settings = Reported.safeParse(row.reported).data;
  const said = StateMessage.safeParse(row.state).data;
  if (measuring) made = withTelemetry(made, measuring, { receivedMs });
  if (settings) made = withReported(made, settings, { receivedMs });
  if (said) made = withState(made, said, { receivedMs });
  return typeof lastUsedMs === 'number' ? { ...made, lastUsedMs } : made;
}
