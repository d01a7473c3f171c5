/** What goes wrong between the fleet service and its client. */
import { jsonOf } from '../../hal/common/json.ts';
import { type FieldError, PROBLEM_KINDS, PROBLEM_PREFIX, ProblemBody } from '../wire/fleet-api.ts';

/**
 * As the service says (agent/wire/fleet-api.ts), or:
 * - `unreachable`: no answer, or it broke off;
 * - `notUnderstood`: an answer that is none of the fleet service, or of another version;
 * - `notProven`: it shows no answer of the robot that the robot's key signed.
 */
export const FLEET_PROBLEMS = [
  ...PROBLEM_KINDS,
  ...(['unreachable', 'notUnderstood', 'notProven'] as const),
] as const;
export type FleetProblemKind = (typeof FLEET_PROBLEMS)[number];

interface ProblemFacts {
  /** Which rows or fields, when the service says. */
  readonly errors?: readonly FieldError[];
  /** When to try again, seconds. */
  readonly retryAfterS?: number;
}

export class FleetProblem extends Error {
  override readonly name = 'FleetProblem';
  readonly errors: readonly FieldError[];
  readonly retryAfterS: number | undefined;

  constructor(
    readonly kind: FleetProblemKind,
    /** English, one sentence: what was wrong, what was expected. */
    readonly detail: string,
    facts: ProblemFacts = {},
  ) {
    super(detail);
    this.errors = facts.errors ?? [];
    this.retryAfterS = facts.retryAfterS;
  }
}

/** Of an answer that is not 2xx: RFC 9457, or whatever a proxy on the way says. */
export async function problemOf(response: Response): Promise<FleetProblem> {
  const text = await response.text().catch(() => '');
  const body = ProblemBody.safeParse(jsonOf(text)).data;
  const retryAfterS = secondsOf(response.headers.get('retry-after'));
  const wait = retryAfterS === undefined ? {} : { retryAfterS };
  const named = PROBLEM_KINDS.find((kind) => body?.type === `${PROBLEM_PREFIX}${kind}`);
  if (body && named)
    return new FleetProblem(named, body.detail ?? body.title, {
      ...{ errors: body.errors ?? [], ...wait },
    });
  const said = body?.detail ?? body?.title ?? response.statusText;
  const detail = `the answer was ${response.status} ${said}`.trimEnd();
  // A proxy in front of a service that is not there.
  if ([502, 503, 504].includes(response.status)) return new FleetProblem('unreachable', detail);
  return new FleetProblem('notUnderstood', detail);
}

/** Retry-After in seconds (RFC 9110, 10.2.3); dates are passed over. */
function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}
