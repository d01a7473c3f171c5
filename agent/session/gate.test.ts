import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { RefusalBook } from '../fleet/refusal-book.ts';
import { Refusals } from '../fleet/refusals.ts';
import { Command, LookMessage } from '../wire/control.ts';
import { MAX_COMMANDS_PER_S, MAX_CONTROL_BYTES } from '../wire/limits.ts';
import { type Authority, type Channel, Gate } from './gate.ts';

const live: Authority = { phase: 'live', motion: true, picture: true };

function setUp() {
  const clock = new SimClock();
  const refusals = new Refusals();
  const gate = new Gate(clock, new RefusalBook(refusals, silentLog));
  const say = (channel: Channel, command: object, authority = live) => {
    const text = JSON.stringify(command);
    return gate.judge(channel, text, text.length, authority);
  };
  const reason = (...args: Parameters<typeof say>) => {
    const verdict = say(...args);
    return verdict.ok ? 'ok' : verdict.reason;
  };
  return { clock, refusals, gate, say, reason };
}

describe('the gate', () => {
  it('lets a good command through as it was sent', () => {
    const { say } = setUp();
    const look = { kind: 'look', seq: 1, pan: 10, tilt: -5 };
    expect(say('look', look)).toEqual({ ok: true, command: look });
  });

  it('refuses by size before it reads', () => {
    const { gate, refusals } = setUp();
    const verdict = gate.judge('control', '{}', MAX_CONTROL_BYTES + 1, live);
    expect(verdict).toEqual({ ok: false, seq: -1, reason: 'tooLong' });
    expect(refusals.snapshot()).toEqual({ 'control.tooLong': 1 });
  });

  it.each([
    ['a look on the reliable channel', 'control', { kind: 'look', seq: 1, pan: 0, tilt: 0 }],
    ['a command on the look channel', 'look', { kind: 'stop', seq: 1 }],
    ['an unknown field', 'control', { kind: 'stop', seq: 1, force: true }],
    ['out of range', 'look', { kind: 'look', seq: 1, pan: 500, tilt: 0 }],
    ['a wrong type', 'control', { kind: 'volume', seq: 1, volume: '1' }],
    ['no number', 'control', { kind: 'stop' }],
  ] as const)('calls %s malformed', (_, channel, command) => {
    expect(setUp().reason(channel, command)).toBe('malformed');
  });

  it('takes only newer commands, each channel by itself', () => {
    const { reason } = setUp();
    const look = (seq: number) => reason('look', { kind: 'look', seq, pan: 0, tilt: 0 });
    expect([look(5), look(5), look(4), look(6)]).toEqual(['ok', 'stale', 'stale', 'ok']);
    expect(reason('control', { kind: 'stop', seq: 0 })).toBe('ok');
  });

  it('bounds the rate, and forgives with time', async () => {
    const { clock, reason } = setUp();
    let seq = 0;
    const stop = () => reason('control', { kind: 'stop', seq: seq++ });
    for (let i = 0; i < MAX_COMMANDS_PER_S; i++) expect(stop()).toBe('ok');
    expect(stop()).toBe('tooMany');
    await clock.advance(100);
    const passed = Array.from({ length: 50 }, stop).filter((said) => said === 'ok').length;
    expect(passed).toBe(MAX_COMMANDS_PER_S / 10);
  });

  it.each([
    ['paused', { ...live, phase: 'paused' }, 'paused'],
    ['waking', { ...live, phase: 'waking' }, 'notLive'],
    ['somebody else\u2019s', { ...live, phase: 'asleep' }, 'notLive'],
    ['without motors', { ...live, motion: false }, 'motionOff'],
    ['without a picture', { ...live, picture: false }, 'noCamera'],
  ] as const)('does not point the head while %s', (_, authority, expected) => {
    const { reason } = setUp();
    expect(reason('control', { kind: 'tap', seq: 1, x: 0.5, y: 0.5 }, authority)).toBe(expected);
    expect(reason('control', { kind: 'hangUp', seq: 2 }, authority)).toBe('ok');
    expect(reason('control', { kind: 'stop', seq: 3 }, authority)).toBe('ok');
  });

  it('lets a pupil raise a hand while paused', () => {
    const paused: Authority = { ...live, phase: 'paused' };
    expect(setUp().reason('control', { kind: 'hand', seq: 1, up: true }, paused)).toBe('ok');
  });

  it('survives garbage: a verdict for everything, and never a command that no schema knows', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ kind: fc.constantFrom('look', 'tap', 'hand', 'alive'), seq: fc.anything() })
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(
        fc.option(text, { nil: undefined }),
        fc.constantFrom('look', 'control'),
        (said, channel) => {
          const { gate } = setUp();
          const verdict = gate.judge(channel, said, said?.length ?? 9, live);
          const schema = channel === 'look' ? LookMessage : Command;
          if (verdict.ok) expect(schema.safeParse(JSON.parse(said ?? '')).success).toBe(true);
          else expect(['malformed', 'tooLong', 'motionOff']).toContain(verdict.reason);
        },
      ),
      { numRuns: 500 },
    );
  });
});
