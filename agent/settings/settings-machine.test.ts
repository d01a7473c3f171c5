import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asConfigured,
  type SectionEvent,
  type SectionState,
  step,
  versionOf,
} from './settings-machine.ts';

const run = (events: readonly SectionEvent[], from: SectionState = asConfigured): SectionState =>
  events.reduce((state, event) => step(state, event).state, from);
const desired = (version: number, name = `v${version}`): SectionEvent => ({
  ...{ type: 'desired', version, value: { name } },
});
const confirmed: SectionEvent = { type: 'confirmed' };
const begun: SectionEvent = { type: 'begun', trial: 't' };

const refusalOf = (state: SectionState, event: SectionEvent): string | undefined => {
  const after = step(state, event);
  const [refusal] = after.effects.flatMap((effect) => (effect.do === 'refuse' ? effect : []));
  return refusal?.reason.split(':')[0];
};

describe('a section of settings', () => {
  const five = run([desired(5), confirmed]);

  it('is in force once it is confirmed, not before', () => {
    expect(versionOf(run([desired(5)]))).toBe(0);
    expect(five).toEqual({ inForce: { version: 5, value: { name: 'v5' } } });
  });

  it('refuses an older version, and another value of the same', () => {
    expect(refusalOf(five, desired(4))).toBe('older');
    expect(refusalOf(five, desired(5, 'other'))).toBe('conflict');
    expect(refusalOf(five, { type: 'malformed', version: 4, reason: 'x' })).toBe('older');
    expect(refusalOf(run([desired(6)], five), desired(6, 'other'))).toBe('conflict');
  });

  it('takes the same again, and changes nothing', () => {
    expect(step(five, desired(5))).toEqual({ state: five, effects: [] });
    const trying = run([desired(6)], five);
    expect(step(trying, desired(6))).toEqual({ state: trying, effects: [] });
  });

  it('keeps the last good one, and says what was rejected', () => {
    const after = run([desired(6), begun, { type: 'failed', reason: 'no such network' }], five);
    expect(after).toEqual({
      inForce: five.inForce,
      rejected: { version: 6, reason: 'no such network' },
    });
    const malformed = step(five, { type: 'malformed', version: 7, reason: 'name: too long' });
    expect(malformed.state.inForce).toBe(five.inForce);
    expect(malformed.state.rejected).toEqual({ version: 7, reason: 'malformed: name: too long' });
  });

  it('a rejected version may be tried again, and forgets why once it works', () => {
    const rejected = run([desired(6), { type: 'failed', reason: 'x' }], five);
    expect(run([desired(6), confirmed], rejected)).toEqual({
      inForce: { version: 6, value: { name: 'v6' } },
    });
  });

  it('another one waits while one is being tried, and replaces one that has not begun', () => {
    const waiting = run([desired(6)], five);
    expect(run([desired(7)], waiting).trying?.version).toBe(7);
    expect(refusalOf(run([begun], waiting), desired(7))).toBe('busy');
    expect(refusalOf(waiting, desired(5))).toBe('older');
  });

  it('whatever happens: versions in force only grow, and are ones that were desired', () => {
    const event = fc.oneof(
      fc
        .record({ version: fc.integer({ min: 1, max: 9 }), name: fc.constantFrom('a', 'b') })
        .map(({ version, name }) => desired(version, name)),
      fc
        .integer({ min: 1, max: 9 })
        .map((version): SectionEvent => ({ type: 'malformed', version, reason: 'x'.repeat(400) })),
      fc.constant<SectionEvent>(begun),
      fc.constant<SectionEvent>(confirmed),
      fc.constant<SectionEvent>({ type: 'failed', reason: 'a\nb' }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        let state = asConfigured;
        const wanted: unknown[] = [undefined];
        for (const one of events) {
          if (one.type === 'desired') wanted.push(one.value);
          const before = versionOf(state);
          state = step(state, one).state;
          expect(versionOf(state)).toBeGreaterThanOrEqual(before);
          if (one.type !== 'confirmed') expect(versionOf(state)).toBe(before);
          expect(wanted).toContainEqual(state.inForce?.value);
          if (state.trying) expect(state.trying.version).toBeGreaterThan(versionOf(state));
          expect(state.rejected?.reason.length ?? 0).toBeLessThanOrEqual(300);
          expect(state.rejected?.reason ?? '').not.toContain('\n');
        }
      }),
    );
  });
});
