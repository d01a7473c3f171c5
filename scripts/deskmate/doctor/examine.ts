import type { Clock } from '../../../hal/ports/clock.ts';
import {
  type Check,
  type CheckName,
  type Finding,
  problem,
  type Subject,
  type Verdict,
} from './check.ts';
import type { Machine } from './machine.ts';

export interface Examined {
  readonly name: CheckName;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

/** All checks at once, each within its time; in the order of `checks`. */
export function examine(
  checks: readonly Check[],
  machine: Machine,
  subject: Subject,
  clock: Clock,
): Promise<Examined[]> {
  return Promise.all(
    checks.map(async (check) => {
      const findings = await within(check, check.run(machine, subject), clock);
      return { name: check.name, verdict: worst(findings), findings };
    }),
  );
}

function within(
  { withinMs }: Check,
  work: Promise<readonly Finding[]>,
  clock: Clock,
): Promise<readonly Finding[]> {
  return new Promise((resolve, reject) => {
    const late = clock.after(withinMs, () =>
      resolve([problem('tooLong', { seconds: Math.round(withinMs / 1_000) })]),
    );
    work.then(resolve, reject).finally(() => late.cancel());
  });
}

export function worst(found: readonly { readonly verdict: Verdict }[]): Verdict {
  for (const verdict of ['problem', 'warning'] as const)
    if (found.some((one) => one.verdict === verdict)) return verdict;
  return 'ok';
}
