import type { CommandRefusal } from '../wire/control.ts';
import type { AccessRefusal } from '../wire/signalling.ts';
import type { Capability, Facts, FactsFor } from './facts.ts';
import { type RefusalAnswer, rules } from './rules.ts';

export type Reason = (typeof rules)[number]['name'];

export type Verdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: Reason; readonly told: RefusalAnswer };

/**
 * May this be, as things stand? Pure, and asked anew each time: nobody keeps a verdict. Sessions, camera,
 * microphone, voice, motion and the waking of the body are decided here and nowhere else.
 */
export function admit<C extends Capability>(capability: C, facts: FactsFor<C>): Verdict {
  // A rule that refuses `capability` reads none but these: `rule` of rules.ts does not compile otherwise.
  const all = facts as unknown as Facts;
  for (const { name, refuses, when, told } of rules)
    if (refuses.includes(capability) && when(all)) return { ok: false, reason: name, told };
  return { ok: true };
}

export function may<C extends Capability>(capability: C, facts: FactsFor<C>): boolean {
  return admit(capability, facts).ok;
}

/** What a refused device is told. */
export function offerRefusal(verdict: Verdict): AccessRefusal | undefined {
  return verdict.ok ? undefined : (verdict.told.offer ?? 'notAvailable');
}

/** What a pupil is told of a refused command. */
export function commandRefusal(verdict: Verdict): CommandRefusal | undefined {
  return verdict.ok ? undefined : (verdict.told.command ?? 'notLive');
}
