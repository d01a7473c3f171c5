/** Pairing in the whole agent: fakes stand for firmware, media hardware and broker. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PAIRING_MS } from '../../firmware/link/schema.ts';
import { type Log, silentLog } from '../../hal/ports/log.ts';
import { MemoryStorage } from '../../sim/testing/memory-storage.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { TestAgent } from '../testing/test-agent.ts';
import { splitIntoCodes } from '../wire/code.ts';
import {
  FACE_MS,
  type PairingEvent,
  type PairingState,
  pairingClosed,
  scanningOf,
  stepPairing,
} from './pairing-machine.ts';

const WIFI = 'WIFI:T:WPA;S:School;P:correct horse;;';

async function robot() {
  const clock = new SimClock();
  const lines: string[] = [];
  const note = (fields: object, text: string) => lines.push(`${text} ${JSON.stringify(fields)}`);
  const log: Log = { ...silentLog, info: note, warn: note, error: note };
  const agent = new TestAgent(clock, new MemoryStorage(), log);
  await agent.agent.start();
  await clock.advance(500);
  /** The camera takes pictures that show these codes. */
  const see = async (...codes: string[]): Promise<void> => {
    agent.joined.codes.splice(0, 10, ...codes);
    for (let i = 0; i < 3; i++) {
      agent.media.camera.shoot(clock.now());
      await clock.advance(210);
    }
  };
  const pair = async (): Promise<void> => {
    agent.firmware.happen('pair');
    await clock.advance(60);
  };
  return { clock, agent, lines, see, pair };
}

describe('pairing', () => {
  it('opens the camera alone, reads a Wi-Fi code, and says that it was good', async () => {
    const { agent, lines, clock, see, pair } = await robot();
    await pair();
    expect(agent.firmware.desired).toMatchObject({
      ...{ presence: 'pairing', camera: true, microphone: false, amplifier: false },
    });
    expect(agent.media.camera).toMatchObject({ state: 'running', size: { width: 1280 } });
    expect(agent.media.microphone.state).toBe('idle');
    await see(WIFI);
    expect(agent.codes.networks).toEqual([
      { ssid: 'School', hidden: false, security: 'psk', passphrase: 'correct horse' },
    ]);
    expect(agent.firmware.desired).toMatchObject({ mood: 'happy', camera: false });
    expect(agent.media.camera.state).toBe('idle');
    await clock.advance(FACE_MS);
    expect(agent.firmware.desired).toMatchObject({ presence: 'asleep', mood: 'neutral' });
    expect(lines.join('\n')).not.toContain('correct horse');
    expect(lines.join('\n')).not.toContain('School');
  });

  it('collects a document from several codes, in any order', async () => {
    const { agent, see, pair } = await robot();
    const document = 'eyJ'.repeat(700);
    const split = splitIntoCodes(document);
    if (!split.ok) throw new Error(split.why);
    const { codes } = split;
    expect(codes.length).toBeGreaterThan(5);
    await pair();
    for (const code of [...codes.slice(3), codes[4] ?? '', ...codes.slice(0, 3)]) await see(code);
    expect(agent.codes.documents).toEqual([document]);
    expect(agent.firmware.desired).toMatchObject({ mood: 'happy', camera: false });
  });

  it('goes on after a refusal and after what is no code of a robot', async () => {
    const { agent, clock, lines, see, pair } = await robot();
    await pair();
    await see('https://shop.example/?secret=17');
    expect(agent.firmware.desired).toMatchObject({ mood: 'confused', camera: true });
    expect(lines.filter((line) => line.includes('none of a robot'))).toEqual([
      'a code that is none of a robot {"length":31}',
    ]);
    await clock.advance(FACE_MS);
    expect(agent.firmware.desired).toMatchObject({ mood: 'neutral', camera: true });
    await see('WIFI:T:WPA;S:School;P:short;;');
    expect(agent.firmware.desired).toMatchObject({ mood: 'sad', camera: true });
    expect(lines.join('\n')).toMatch(/code refused .*"field":"P"/);
    agent.codes.answer = { refused: 'the grant has expired' };
    const [code = ''] = codesOf('an order');
    await see(code);
    agent.codes.answer = new Error('disk full');
    await see(WIFI);
    expect(lines.join('\n')).toContain('the grant has expired');
    expect(lines.join('\n')).toContain('disk full');
    expect(agent.codes).toMatchObject({ documents: ['an order'], networks: [{ ssid: 'School' }] });
    agent.codes.answer = 'accepted';
    await see(WIFI.replace('School', 'Other'));
    expect(agent.firmware.desired).toMatchObject({ mood: 'happy' });
  });

  it('ends after a minute, by the teacher, by a second press, and without firmware', async () => {
    const closed = { presence: 'asleep', camera: false };
    const late = await robot();
    await late.pair();
    await late.clock.advance(PAIRING_MS - 100);
    expect(late.agent.firmware.desired).toMatchObject({ presence: 'pairing' });
    await late.clock.advance(100);
    expect(late.agent.firmware.desired).toMatchObject(closed);
    await late.pair();
    late.agent.firmware.happen('paused');
    await late.clock.advance(10);
    expect(late.agent.firmware.desired).toMatchObject(closed);
    expect(late.agent.media.camera.state).toBe('idle');
    late.agent.firmware.happen('resumed');
    await late.pair();
    late.agent.firmware.change({ pairing: false });
    await late.clock.advance(30);
    expect(late.agent.firmware.desired).toMatchObject(closed);
    await late.pair();
    late.agent.firmware.freeze();
    await late.clock.advance(600);
    expect(late.agent.media.camera.state).toBe('idle');
  });

  it('gives way to a pupil, and does not begin beside one', async () => {
    const { agent, clock, see, pair } = await robot();
    await pair();
    await agent.offer();
    agent.peer.become('connected');
    await clock.advance(50);
    expect(agent.firmware.desired).toMatchObject({ presence: 'here', camera: true });
    await see(WIFI);
    await pair();
    await see(WIFI);
    expect(agent.codes.networks).toEqual([]);
    expect(agent.firmware.desired).toMatchObject({ presence: 'here' });
    agent.agent.session.end('hangUp');
    await clock.advance(2_000);
    expect(agent.firmware.desired).toMatchObject({ presence: 'asleep', camera: false });
  });

  it.each([
    ['paused', { paused: true }],
    ['without a button that works', { faults: ['teacherButton'] }],
    ['with an empty battery', { battery: { percent: 1, charging: false, level: 'empty' } }],
    ['when it is too hot', { heat: { computerC: 95, servoC: 40, level: 'critical' } }],
  ] as const)('does not begin %s', async (_how, change) => {
    const { agent, clock, pair } = await robot();
    agent.firmware.change({ ...change, faults: [...('faults' in change ? change.faults : [])] });
    await clock.advance(50);
    await pair();
    expect(agent.firmware.desired).toMatchObject({ presence: 'asleep', camera: false });
  });

  it('is told to the fleet beside the state', async () => {
    const { agent, clock, pair } = await robot();
    const states = () => agent.broker.published.filter(({ topic }) => topic.endsWith('$state'));
    await pair();
    expect(JSON.parse(states().at(-1)?.payload ?? '')).toMatchObject({
      ...{ state: 'ready', doing: 'pairing' },
    });
    await clock.advance(PAIRING_MS);
    expect(JSON.parse(states().at(-1)?.payload ?? '')).not.toHaveProperty('doing');
  });
});

function codesOf(text: string): readonly string[] {
  const split = splitIntoCodes(text);
  return split.ok ? split.codes : [];
}

const event: fc.Arbitrary<PairingEvent> = fc.oneof(
  fc.record({ type: fc.constantFrom('pair' as const, 'facts' as const), may: fc.boolean() }),
  fc.record({
    type: fc.constant('code' as const),
    outcome: fc.constantFrom('accepted' as const, 'refused' as const, 'unknown' as const),
  }),
  fc.record({
    type: fc.constant('expired' as const),
    timer: fc.constantFrom('window' as const, 'face' as const),
  }),
);

describe('the pairing machine', () => {
  it('looks only after an admitted press, and never without a timer that ends it', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let state: PairingState = pairingClosed;
        const armed = new Set<string>();
        for (const happened of events) {
          if (happened.type === 'expired' && !armed.delete(happened.timer)) continue;
          const before = state;
          const step = stepPairing(state, happened);
          state = step.state;
          for (const effect of step.effects) {
            if (effect.do === 'arm') armed.add(effect.timer);
            if (effect.do === 'disarm') armed.delete(effect.timer);
          }
          const looking = scanningOf(state)?.looking ?? false;
          if (looking && !(scanningOf(before)?.looking ?? false))
            expect(happened).toEqual({ type: 'pair', may: true });
          if (happened.type === 'facts' && !happened.may) expect(state.name).toBe('closed');
          expect(armed.has('window')).toBe(state.name !== 'closed');
          if (state.name === 'done') expect(armed.has('face')).toBe(true);
        }
      }),
    );
  });
});
