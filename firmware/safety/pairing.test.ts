import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DesiredState, NOTHING_DESIRED, PAIRING_MS, Presence } from '../link/schema.ts';
import { Rig } from '../testing/rig.ts';
import { CLOSED, type Pairing, type PairingEvent, stepPairing } from './pairing.ts';

const ASLEEP: DesiredState = { ...NOTHING_DESIRED };
/** All that an agent could ask for meanwhile. */
const EVERYTHING: DesiredState = {
  ...{ presence: 'pairing', mood: 'neutral', hand: false, quiet: false },
  ...{ camera: true, microphone: true, amplifier: true },
};

async function atRest(): Promise<Rig> {
  const robot = new Rig();
  await robot.start();
  robot.connect(ASLEEP);
  await robot.clock.advance(3_000);
  return robot;
}

async function hold(robot: Rig): Promise<void> {
  robot.body.pairButton.set(true);
  await robot.clock.advance(5_060);
  robot.body.pairButton.set(false);
}

async function pairing(): Promise<Rig> {
  const robot = await atRest();
  await hold(robot);
  robot.setDesired(EVERYTHING);
  await robot.clock.advance(300);
  expect(robot.body.cameraRail.on).toBe(true);
  return robot;
}

describe('pairing', () => {
  it('lets the camera alone see, with open eyes and a purple ring, and ends after a minute', async () => {
    const robot = await atRest();
    const { pan, tilt } = robot.last;
    await hold(robot);
    expect(robot.events).toEqual(['pair']);
    expect(robot.last).toMatchObject({ pairing: true, cameraOn: false });
    robot.setDesired(EVERYTHING);
    robot.send({ kind: 'look', pan: 40, tilt: 10 });
    robot.send({ kind: 'gesture', gesture: 'nod' });
    await robot.clock.advance(1_000);
    expect(robot.last).toMatchObject({ pairing: true, cameraOn: true, microphoneOn: false });
    expect(robot.body.amplifier.on).toBe(false);
    expect(robot.last.pan.deg).toBeCloseTo(pan.deg, 1);
    expect(robot.last.tilt.deg).toBeCloseTo(tilt.deg, 1);
    expect(robot.refusals).toEqual(['resting', 'resting']);
    const [red, green, blue] = robot.body.levels.ring;
    expect(green).toBe(0);
    expect(Math.min(red, blue)).toBeGreaterThan(0.05);
    expect(robot.body.eyeBrightness).toBeGreaterThan(5);
    await robot.clock.advance(PAIRING_MS - 1_200);
    expect(robot.body.cameraRail.on).toBe(true);
    await robot.clock.advance(300);
    expect(robot.last).toMatchObject({ pairing: false, cameraOn: false });
    expect(robot.body.eyeBrightness).toBe(0);
  });

  it('is nothing that an agent can ask for', async () => {
    const robot = await atRest();
    robot.setDesired(EVERYTHING);
    for (let i = 0; i < 20; i++) {
      await robot.clock.advance(100);
      robot.setDesired({ camera: i % 2 === 0, presence: i % 3 === 0 ? 'asleep' : 'pairing' });
      expect(robot.body.cameraRail.on).toBe(false);
    }
    expect(robot.body.eyeBrightness).toBe(0);
    expect(robot.refusals).toContain('resting');
    // Nor is it by a short press, or by one that has ended.
    robot.setDesired(EVERYTHING);
    robot.body.pairButton.set(true);
    await robot.clock.advance(4_900);
    robot.body.pairButton.set(false);
    await robot.clock.advance(PAIRING_MS);
    expect(robot.body.cameraRail.on).toBe(false);
  });

  it('cannot be prolonged by the agent', async () => {
    const robot = await pairing();
    for (let i = 0; i < 65; i++) {
      robot.setDesired({ presence: i % 2 === 0 ? 'asleep' : 'pairing', camera: i % 3 > 0 });
      await robot.clock.advance(1_000);
    }
    robot.setDesired(EVERYTHING);
    await robot.clock.advance(2_000);
    expect(robot.last).toMatchObject({ pairing: false, cameraOn: false });
  });

  it("ends at once by the teacher's button, which pauses", async () => {
    const robot = await pairing();
    robot.body.teacherButton.set(true);
    expect(robot.body.cameraRail.on).toBe(false);
    robot.body.teacherButton.set(false);
    await robot.clock.advance(60);
    expect(robot.last).toMatchObject({ paused: true, pairing: false, cameraOn: false });
    robot.body.teacherButton.press();
    await robot.clock.advance(1_500);
    expect(robot.last).toMatchObject({ paused: false, pairing: false, cameraOn: false });
  });

  it('ends at once by a second press; held on, it begins again', async () => {
    const robot = await pairing();
    robot.body.pairButton.set(true);
    expect(robot.body.cameraRail.on).toBe(false);
    await robot.clock.advance(4_900);
    expect(robot.last).toMatchObject({ pairing: false, cameraOn: false });
    robot.body.pairButton.set(false);
    await hold(robot);
    await robot.clock.advance(100);
    expect(robot.last).toMatchObject({ pairing: true, cameraOn: true });
  });

  it('ends with an agent that falls silent, and when a pupil comes', async () => {
    const silent = await pairing();
    silent.fallSilent();
    await silent.clock.advance(560);
    expect(silent.body.cameraRail.on).toBe(false);
    silent.connect(EVERYTHING);
    await silent.clock.advance(500);
    expect(silent.body.cameraRail.on).toBe(false);
    const taken = await pairing();
    taken.setDesired({ presence: 'here', camera: false });
    taken.setDesired(EVERYTHING);
    await taken.clock.advance(500);
    expect(taken.last).toMatchObject({ pairing: false, cameraOn: false });
  });

  it.each([
    ['waking', false],
    ['here', false],
    ['listening', false],
    ['lost', false],
    ['asleep', true],
  ] as const)('does not begin while the class is shown %s, or paused', async (presence, paused) => {
    const robot = await atRest();
    robot.setDesired({ presence });
    if (paused) robot.body.teacherButton.press();
    await robot.clock.advance(300);
    await hold(robot);
    robot.setDesired(EVERYTHING);
    await robot.clock.advance(500);
    expect(robot.events.filter((event) => event === 'pair')).toHaveLength(1);
    expect(robot.last).toMatchObject({ pairing: false, cameraOn: false });
  });

  it('needs a teacher’s button that works', async () => {
    const robot = await atRest();
    await hold(robot);
    robot.body.teacherButton.set(true);
    await robot.clock.advance(31_000);
    robot.setDesired(EVERYTHING);
    await robot.clock.advance(500);
    expect(robot.body.cameraRail.on).toBe(false);
  });
});

const event: fc.Arbitrary<PairingEvent> = fc.oneof(
  fc.record({ type: fc.constant('pressed' as const) }),
  fc.record({
    type: fc.constantFrom('held' as const, 'tick' as const),
    atMs: fc.nat(20_000),
    free: fc.boolean(),
  }),
);

describe('pairing machine', () => {
  it('is open only within a minute of a hold, with nothing in between that ends it', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let state: Pairing = CLOSED;
        let heldMs: number | undefined;
        let nowMs = 0;
        for (const happened of events) {
          if ('atMs' in happened) nowMs += happened.atMs;
          state = stepPairing(
            state,
            'atMs' in happened ? { ...happened, atMs: nowMs } : happened,
          ).state;
          if (happened.type === 'held') heldMs = happened.free ? nowMs : undefined;
          else if (happened.type === 'pressed' || !happened.free) heldMs = undefined;
          else if (heldMs !== undefined && nowMs - heldMs >= PAIRING_MS) heldMs = undefined;
          expect(state.name === 'open').toBe(heldMs !== undefined);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('camera, microphone, amplifier and head while pairing', () => {
  it('follow what was pressed, whatever the agent asks for', async () => {
    const ask = fc.record({
      presence: fc.constantFrom(...Presence.options),
      camera: fc.boolean(),
      press: fc.constantFrom('none', 'none', 'none', 'teacher', 'pair'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(ask, { minLength: 5, maxLength: 25 }), async (asks) => {
        const robot = await pairing();
        for (const { presence, camera, press } of asks) {
          robot.setDesired({ ...EVERYTHING, presence, camera });
          if (press === 'teacher') robot.body.teacherButton.press();
          if (press === 'pair') robot.body.pairButton.press();
          await robot.clock.advance(200);
          const live = presence === 'waking' || presence === 'here' || presence === 'listening';
          if (live) continue;
          expect(robot.body.microphoneRail.on).toBe(false);
          const { paused, pairing } = robot.last;
          if (robot.body.cameraRail.on)
            expect([presence, paused, pairing]).toEqual(['pairing', false, true]);
          if (presence === 'pairing') expect(robot.body.amplifier.on).toBe(false);
        }
      }),
      { numRuns: 15 },
    );
  });
});
