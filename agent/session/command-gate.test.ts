import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import type { FactsFor } from '../admission/facts.ts';
import { RefusalCounters, RefusalLog } from '../model/refusal-counters.ts';
import { Command, LookMessage } from '../wire/control.ts';
import { MAX_COMMANDS_PER_S, MAX_CONTROL_BYTES } from '../wire/limits.ts';
import { type Channel, CommandGate } from './command-gate.ts';

const degrees = (most: number): fc.Arbitrary<number> =>
  fc.double({ min: -most, max: most, noNaN: true });
const ratio = fc.double({ min: 0, max: 1, noNaN: true });
const POINTING: ReadonlySet<string> = new Set(['look', 'lookRate', 'tap']);

type Now = FactsFor<'pointing'>;
const live: Now = {
  ...{ pupil: 'inClass', body: 'well', paused: false, head: 'turns', picture: true },
};

function setUp() {
  const clock = new SimClock();
  const refusals = new RefusalCounters();
  const gate = new CommandGate(clock, new RefusalLog(refusals, silentLog));
  const say = (channel: Channel, command: object, now = live) => {
    const text = JSON.stringify(command);
    return gate.judge(channel, text, text.length, now);
  };
  const reason = (...args: Parameters<typeof say>) => {
    const verdict = say(...args);
    return verdict.ok ? 'ok' : verdict.reason;
  };
  return { clock, refusals, gate, say, reason };
}

describe('the gate', () => {
  it('passes a valid command unchanged', () => {
    const { say } = setUp();
    const look = { kind: 'look', seq: 1, pan: 10, tilt: -5 };
    expect(say('look', look)).toEqual({ ok: true, command: look });
  });

  it('checks the size before parsing', () => {
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

  it('accepts only newer commands, per channel', () => {
    const { reason } = setUp();
    const look = (seq: number) => reason('look', { kind: 'look', seq, pan: 0, tilt: 0 });
    expect([look(5), look(5), look(4), look(6)]).toEqual(['ok', 'stale', 'stale', 'ok']);
    expect(reason('control', { kind: 'stop', seq: 0 })).toBe('ok');
  });

  it('limits the rate, and recovers with time', async () => {
    const { clock, reason } = setUp();
    let seq = 0;
    const stop = () => reason('control', { kind: 'stop', seq: seq++ });
    for (let i = 0; i < MAX_COMMANDS_PER_S; i++) expect(stop()).toBe('ok');
    expect(stop()).toBe('tooMany');
    await clock.advance(100);
    const passed = Array.from({ length: 50 }, stop).filter((verdict) => verdict === 'ok').length;
    expect(passed).toBe(MAX_COMMANDS_PER_S / 10);
  });

  it.each([
    ['paused', { ...live, paused: true }, 'paused'],
    ['waking', { ...live, pupil: 'coming' }, 'notLive'],
    ['somebody else\u2019s', { ...live, pupil: 'none' }, 'notLive'],
    ['without motors', { ...live, head: 'still' }, 'motionOff'],
    ['without a picture', { ...live, picture: false }, 'noCamera'],
  ] as const)('does not point the head while %s', (_, now, expected) => {
    const { reason } = setUp();
    expect(reason('control', { kind: 'tap', seq: 1, x: 0.5, y: 0.5 }, now)).toBe(expected);
    expect(reason('control', { kind: 'hangUp', seq: 2 }, now)).toBe('ok');
    expect(reason('control', { kind: 'stop', seq: 3 }, now)).toBe('ok');
  });

  it('lets a pupil raise a hand while paused', () => {
    const paused: Now = { ...live, paused: true };
    expect(setUp().reason('control', { kind: 'hand', seq: 1, up: true }, paused)).toBe('ok');
  });

  it('survives garbage: always a verdict, and never a command that fits no schema', () => {
    // Valid messages, and with one invalid field: most of the gate is behind the parser.
    const seq = fc.integer({ min: 0, max: 50 });
    const looks = fc.oneof(
      fc.record({ kind: fc.constant('look'), seq, pan: degrees(180), tilt: degrees(90) }),
      fc.record({ kind: fc.constant('lookRate'), seq, pan: degrees(360), tilt: degrees(360) }),
    );
    const commands = fc.oneof(
      fc.record({ kind: fc.constant('tap'), seq, x: ratio, y: ratio }),
      fc.record({ kind: fc.constantFrom('stop', 'hangUp'), seq }),
      fc.record({ kind: fc.constant('hand'), seq, up: fc.boolean() }),
      fc.record({ kind: fc.constant('mood'), seq, mood: fc.constantFrom('happy', 'sad') }),
      fc.record({ kind: fc.constant('volume'), seq, volume: ratio }),
      fc.record({ kind: fc.constant('alive'), seq, sentAtMs: fc.nat() }),
    );
    const corrupted = fc
      .tuple(
        fc.oneof(looks, commands),
        fc.constantFrom('kind', 'seq', 'pan', 'up', 'extra'),
        fc.jsonValue(),
      )
      .map(([message, key, value]) => ({ ...message, [key]: value }));
    const on = (channel: Channel, text: fc.Arbitrary<string | undefined>) =>
      fc.tuple(text, fc.constant(channel));
    const json = (message: fc.Arbitrary<object>): fc.Arbitrary<string> =>
      message.map((value) => JSON.stringify(value));
    const anything = fc.oneof(fc.string(), fc.json(), json(corrupted), fc.constant(undefined));
    const anyInput = fc.oneof(
      on('look', json(looks)),
      on('control', json(commands)),
      fc.tuple(anything, fc.constantFrom<Channel[]>('look', 'control')),
    );
    const facts = fc.record({
      pupil: fc.constantFrom('inClass', 'inClass', 'inClass', 'none', 'coming', 'gone'),
      body: fc.constantFrom('well', 'well', 'well', 'noButton', 'away'),
      paused: fc.constantFrom(false, false, false, false, true),
      head: fc.constantFrom('turns', 'turns', 'turns', 'turns', 'still'),
      picture: fc.boolean(),
    });
    const passed: Record<Channel, number> = { look: 0, control: 0 };
    fc.assert(
      fc.property(fc.array(anyInput, { minLength: 1, maxLength: 12 }), facts, (messages, now) => {
        const { gate } = setUp();
        const last: Record<Channel, number> = { look: -1, control: -1 };
        for (const [text, channel] of messages) {
          const verdict = gate.judge(channel, text, text?.length ?? 9, now);
          if (!verdict.ok) continue;
          const schema = channel === 'look' ? LookMessage : Command;
          expect(schema.parse(JSON.parse(text ?? ''))).toEqual(verdict.command);
          expect(verdict.command.seq).toBeGreaterThan(last[channel]);
          last[channel] = verdict.command.seq;
          passed[channel] += 1;
          if (!POINTING.has(verdict.command.kind)) continue;
          expect([now.pupil, now.paused]).toEqual(['inClass', false]);
        }
      }),
      { numRuns: 500 },
    );
    // Checks that the generator reaches all kinds.
    expect(passed.look).toBeGreaterThan(100);
    expect(passed.control).toBeGreaterThan(100);
  });
});
