import type { CommandRefusal } from '../wire/control.ts';
import type { AccessRefusal } from '../wire/signalling.ts';
import type { Capability, Facts, FactsFor } from './facts.ts';
import { type RefusalAnswer, rules } from './rules.ts';

export type Reason = (typeof rules)[number]['name'];

export type Verdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: Reason; readonly told: RefusalAnswer };

/**
 * Whether `capability` is allowed with these facts. Pure; verdicts are not cached. Decisions on
 * session, camera, microphone, voice, motion and waking the body are made only here.
 */
export function admit<C extends Capability>(capability: C, facts: FactsFor<C>): Verdict {
  // Rules that refuse `capability` read only these facts, as `rule` in rules.ts checks.
  const all = facts as unknown as Facts;
  for (const { name, refuses, when, told } of rules)
    if (refuses.includes(capability) && when(all)) return { ok: false, reason: name, told };
  return { ok: true };
}

export function may<C extends Capability>(capability: C, facts: FactsFor<C>): boolean {
  return admit(capability, facts).ok;
}

/** The reason sent to a refused device. */
export function offerRefusal(verdict: Verdict): AccessRefusal | undefined {
  return verdict.ok ? undefined : (verdict.told.offer ?? 'notAvailable');
}

/** The reason sent to the pupil for a refused command. */
export function commandRefusal(verdict: Verdict): CommandRefusal | undefined {
  return verdict.ok ? undefined : (verdict.told.command ?? 'notLive');
}
