import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LifeEvent, newborn, stepLife } from './life.ts';

function walk(...events: LifeEvent[]): string[] {
  let life = newborn;
  return events.map((event) => {
    life = stepLife(life, event).life;
    return life.name;
  });
}

const session = (name: 'asleep' | 'waking' | 'live' | 'paused' | 'interrupted', paused = false) =>
  ({ type: 'session', name, paused }) as const;
const faults = (...codes: string[]) => ({ type: 'faults', codes }) as const;

describe('life cycle', () => {
  it('follows a school day', () => {
    expect(
      walk(
        faults('bodyLost'),
        { type: 'started' },
        faults(),
        session('waking'),
        session('live'),
        session('paused', true),
        session('asleep', true),
        { type: 'spent', on: true },
        { type: 'updating', on: true },
        { type: 'updating', on: false },
        { type: 'spent', on: false },
        { type: 'stopped' },
      ),
    ).toEqual([
      'init',
      'alert',
      'ready',
      'live',
      'live',
      'paused',
      'ready',
      'sleeping',
      'updating',
      'sleeping',
      'ready',
      'disconnected',
    ]);
  });

  it('a lesson continues despite a fault, which is reported', () => {
    const inClass = { ...newborn, name: 'live' as const, started: true, session: 'live' as const };
    const { life, effects } = stepLife(inClass, faults('panStall', 'eyes', 'panStall'));
    expect(life).toMatchObject({ name: 'live', faults: ['eyes', 'panStall'] });
    expect(effects).toEqual([{ do: 'publish' }]);
  });

  it('publishes exactly when name, faults or what it is doing change, and nothing after a stop', () => {
    const event: fc.Arbitrary<LifeEvent> = fc.oneof(
      fc.constant<LifeEvent>({ type: 'started' }),
      fc.constant<LifeEvent>({ type: 'stopped' }),
      fc.record({ type: fc.constantFrom('updating', 'spent'), on: fc.boolean() }),
      fc.constantFrom(session('asleep'), session('live'), session('paused', true)),
      fc.record({ type: fc.constant('pairing' as const), on: fc.boolean() }),
      fc.subarray(['a', 'b']).map((codes) => faults(...codes)),
    );
    fc.assert(
      fc.property(fc.array(event), (events) => {
        let life = newborn;
        for (const next of events) {
          const before = life;
          const step = stepLife(life, next);
          life = step.life;
          const changed =
            life.name !== before.name ||
            life.faults.join() !== before.faults.join() ||
            life.doing !== before.doing;
          expect(step.effects.length).toBe(changed ? 1 : 0);
          if (before.name === 'disconnected') expect(life.name).toBe('disconnected');
        }
      }),
    );
  });
});
