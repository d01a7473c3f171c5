/** What the service's row of a robot says, of whichever version the service is. */
import { z } from 'zod';
import type { ApiRobot } from '../../../agent/wire/fleet-api.ts';

const State = z.looseObject({ state: z.string() });
const Facts = z.looseObject({
  state: State.nullish().catch(null),
  own: State.nullish().catch(null),
  seen: z.number().nullish().catch(null),
  seenMs: z.number().nullish().catch(null),
});

/** Its life cycle state; undefined: it never said. */
export function stateIn(robot: ApiRobot): string | undefined {
  const { state, own } = Facts.parse(robot);
  return state?.state ?? own?.state;
}

/** When it was heard last, milliseconds since 1970. */
export function seenIn(robot: ApiRobot): number | undefined {
  const { seen, seenMs } = Facts.parse(robot);
  return seen ?? seenMs ?? undefined;
}
