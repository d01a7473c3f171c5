import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Log, silentLog } from '../../hal/ports/log.ts';
import { Machine } from '../core/state-machine.ts';
import { type Authority, type AuthorityEvent, stepAuthority } from './authority.ts';
import { HEAD_START, type HeadEvent, type HeadState, stepHead } from './posture.ts';

const headEvent: fc.Arbitrary<HeadEvent> = fc.oneof(
  fc.record({
    type: fc.constantFrom('block', 'unblock', 'atRest', 'turned', 'handGone', 'stall', 'retry'),
  }),
  fc.record({
    type: fc.constant('posture' as const),
    posture: fc.constantFrom('rest', 'awake', 'lowered'),
  }),
);
const POWERED = ['rest', 'awake', 'lowered'];

describe('head machine', () => {
  it('turns torque on only at the measured angles, off when it must be, and stays off when blocked', () => {
    fc.assert(
      fc.property(fc.array(headEvent, { maxLength: 60 }), (events) => {
        let state: HeadState = HEAD_START;
        for (const event of events) {
          const before = state;
          const step = stepHead(state, event);
          state = step.state;
          const [was, is] = [before.name, state.name].map((name) => POWERED.includes(name));
          expect(step.effects.includes('torqueOn')).toBe(!was && is);
          expect(step.effects.includes('torqueOff')).toBe(
            event.type === 'block' ? before.name !== 'off' : was && !is,
          );
          // Poses are taken only with torque on.
          if (step.effects.includes('pose')) expect(is).toBe(true);
          if (event.type === 'block') expect(state.name).toBe('off');
          if (before.name === 'off' && event.type !== 'unblock') expect(state.name).toBe('off');
          if (is) expect(state.name).toBe(state.posture);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('authority machine', () => {
  it('has braked and cut before 500 ms of silence, for any timing of ticks', () => {
    const tick = fc.record({
      passedMs: fc.integer({ min: 1, max: 20 }),
      brakeMs: fc.integer({ min: 0, max: 275 }),
    });
    fc.assert(
      fc.property(fc.array(tick, { minLength: 100, maxLength: 200 }), (ticks) => {
        let state: Authority = { name: 'live' };
        let silentMs = 0;
        for (const { passedMs, brakeMs } of ticks) {
          silentMs += passedMs;
          const event: AuthorityEvent = { type: 'tick', silentMs, brakeMs };
          state = stepAuthority(state, event).state;
          if (silentMs >= 500 - brakeMs - 40) expect(state.name).not.toBe('live');
          if (silentMs >= 480 + 20) expect(['expired', 'none']).toContain(state.name);
        }
      }),
    );
  });
});

describe('Machine', () => {
  it('logs each transition as {machine, from, event, to}, and nothing else', () => {
    const lines: object[] = [];
    const log: Log = { ...silentLog, info: (fields) => lines.push(fields) };
    const start: Authority = { name: 'expired' };
    const machine = new Machine('authority', stepAuthority, start, log);
    machine.send({ type: 'desired' });
    machine.send({ type: 'desired' });
    machine.send({ type: 'tick', silentMs: 445, brakeMs: 0 });
    expect(lines).toEqual([
      { machine: 'authority', from: 'expired', event: 'desired', to: 'live' },
      { machine: 'authority', from: 'live', event: 'tick', to: 'braking' },
    ]);
  });
});
