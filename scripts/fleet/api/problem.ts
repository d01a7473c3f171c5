/** Errors of the API: problem details (RFC 9457), each with a type that programs can tell apart. */
import {
  type FieldError,
  PROBLEM_PREFIX,
  type ProblemKind,
} from '../../../agent/wire/fleet-api.ts';

export type { FieldError, ProblemKind };

/** Status and title of each. */
export const PROBLEMS: Readonly<Record<ProblemKind, readonly [number, string]>> = {
  badRequest: [400, 'The request is not what was expected'],
  badToken: [401, 'Log in: the token is missing, unknown or has expired'],
  badLogin: [401, 'The login was refused'],
  forbidden: [403, 'This role may not do that'],
  notFound: [404, 'There is no such thing, or it is not yours to see'],
  conflict: [409, 'It exists already'],
  tooLarge: [413, 'The request is too large'],
  unprocessable: [422, 'Nothing was changed: some of it is wrong'],
  tooMany: [429, 'Too many requests; wait a little'],
  internal: [500, 'Something failed in the service; see its log'],
  unavailable: [503, 'The store does not answer; try again later'],
};

export class Problem extends Error {
  override readonly name = 'Problem';
  constructor(
    readonly kind: ProblemKind,
    /** One sentence for people: what is wrong here, what was expected. */
    readonly detail?: string,
    readonly errors?: readonly FieldError[],
  ) {
    super(detail ?? kind);
  }

  get status(): number {
    return PROBLEMS[this.kind][0];
  }

  body(): object {
    const [status, title] = PROBLEMS[this.kind];
    return {
      ...{ type: `${PROBLEM_PREFIX}${this.kind}`, title, status },
      ...(this.detail !== undefined && { detail: this.detail }),
      ...(this.errors && { errors: this.errors }),
    };
  }
}
