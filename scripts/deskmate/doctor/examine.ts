import type { Clock } from '../../../hal/ports/clock.ts';
import {
  type Check,
  type CheckName,
  type Finding,
  notExamined,
  problem,
  type Subject,
  type Verdict,
} from './check.ts';
import type { HostProbe } from './host-probe.ts';

export interface Examined {
  readonly name: CheckName;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

/** Runs all checks concurrently, each with a timeout; results in the order of `checks`. */
export function examine(
  checks: readonly Check[],
  machine: HostProbe,
  subject: Subject,
  clock: Clock,
): Promise<Examined[]> {
  return Promise.all(
    checks.map(async (check) => {
      const found = await within(check, check.run(machine, subject), clock);
      // A check without findings has examined nothing: that is not a pass.
      const findings = found.length > 0 ? found : [notExamined('notSeen')];
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

/** The worst verdict of what was examined; `notExamined` only when nothing was. */
export function worst(found: readonly { readonly verdict: Verdict }[]): Verdict {
  for (const verdict of ['problem', 'warning', 'ok'] as const)
    if (found.some((one) => one.verdict === verdict)) return verdict;
  return 'notExamined';
}
