import { describe, expect, it } from 'vitest';
import { HAND_SEEN_MS } from '../firmware/link/schema.ts';
import { MemoryStorage } from '../sim/testing/memory-storage.ts';
import { SimClock } from '../sim/time/sim-clock.ts';
import { INTERRUPTED_MS } from './session/session-machine.ts';
import { ANNA, BEN, ROBOT, TestAgent } from './testing/test-agent.ts';
import { OUTBOX_FILE } from './usage/outbox.ts';
import { OPEN_FILE } from './usage/usage-log.ts';
import { topics } from './wire/topics.ts';

async function started() {
  const clock = new SimClock();
  const storage = new MemoryStorage();
  const it = new TestAgent(clock, storage);
  await it.agent.start();
  await clock.advance(100);
  return { clock, storage, it };
}

/** Anna in class, with heartbeats. */
async function inClass() {
  const world = await started();
  const { clock, it } = world;
  const admission = await it.offer();
  expect(admission).toEqual({ ok: true, sdp: 'answer to v=0' });
  it.peer.become('connected');
  await clock.advance(50);
  return world;
}

/** Keeps sending the pupil's heartbeat while time passes. */
async function live(clock: SimClock, it: TestAgent, ms: number): Promise<void> {
  const peer = it.peer;
  const heartbeat = clock.every(1_000, () => peer.say({ kind: 'alive', sentAtMs: 1 }));
  await clock.advance(ms);
  heartbeat.cancel();
}

/** Stops the agent, with twenty seconds to do so. */
async function stopping(clock: SimClock, it: TestAgent) {
  const fromMs = clock.now();
  let endMs: number | undefined;
  void it.agent.stop().then(() => {
    endMs = clock.now();
  });
  await clock.advance(20_000);
  return { stopped: () => endMs !== undefined, inMs: () => (endMs ?? 0) - fromMs };
}

describe('the whole agent', () => {
  it('lets a pupil in: body awake, camera on, picture and sound flow, state sent', async () => {
    const { clock, it } = await inClass();
    expect(it.agent.phase).toBe('live');
    expect(it.firmware.desired).toMatchObject({ presence: 'here', camera: true, amplifier: true });
    it.media.camera.shoot(clock.now() - 12);
    it.media.microphone.hear(new Int16Array(480));
    expect(it.peer.frames).toHaveLength(1);
    expect(it.peer.audioChunks).toBe(1);
    expect(it.peer.last('state')).toMatchObject({ phase: 'live', camera: 'on', problems: [] });
    await clock.advance(1_000);
    expect(it.peer.last('cameraDelay')).toEqual({ kind: 'cameraDelay', ms: 12 });
  });

  it('refuses a second pupil, and lets the same device take over its own session', async () => {
    const { clock, it } = await inClass();
    expect(await it.offer(BEN)).toEqual({ ok: false, reason: 'inUse' });
    const first = it.peers[0];
    expect(await it.offer({ ...ANNA, peer: '3'.repeat(32) })).toMatchObject({ ok: true });
    expect(first?.last('ended')).toEqual({ kind: 'ended', why: 'takenOver' });
    it.peer.become('connected');
    await clock.advance(500);
    expect(first?.closed).toBe(true);
    expect(it.agent.phase).toBe('live');
    it.peer.say({ kind: 'hangUp' });
    await clock.advance(100);
    expect(it.broker.on(topics.usage(ROBOT))).toHaveLength(1);
  });

  it('goes black, mute and deaf at the teacher\u2019s pause, and comes back', async () => {
    const { clock, it } = await inClass();
    it.firmware.happen('paused');
    await clock.advance(20);
    expect(it.agent.phase).toBe('paused');
    expect(it.firmware.desired).toMatchObject({
      camera: false,
      microphone: false,
      amplifier: false,
    });
    expect(it.peer.frames.at(-1)?.black).toBe(true);
    const blackAt = it.peer.frames.length;
    it.media.camera.shoot(clock.now());
    it.peer.speak(new Int16Array(480).fill(9_000));
    expect(it.peer.frames).toHaveLength(blackAt);
    expect(it.media.speaker.played).toHaveLength(0);
    it.peer.say({ kind: 'look', pan: 10, tilt: 0 });
    expect(it.peer.last('refused')).toMatchObject({ reason: 'paused' });
    it.firmware.happen('resumed');
    await clock.advance(20);
    expect(it.agent.phase).toBe('live');
  });

  it('shows a lost pupil to the class, and takes the pupil back without a new record', async () => {
    const { clock, it } = await inClass();
    await clock.advance(4_000);
    expect(it.agent.phase).toBe('interrupted');
    expect(it.firmware.desired).toMatchObject({ presence: 'lost', camera: false });
    it.peer.say({ kind: 'alive', sentAtMs: 5 });
    await clock.advance(50);
    expect(it.agent.phase).toBe('live');
    await clock.advance(4_000 + INTERRUPTED_MS);
    expect(it.agent.phase).toBe('asleep');
    expect(it.firmware.desired).toMatchObject({ presence: 'asleep', camera: false });
    expect(it.broker.on(topics.usage(ROBOT))).toMatchObject([{ why: 'lost', interruptions: 2 }]);
  });

  it('media process dies: the pupil is disconnected, staff are told, a new call works', async () => {
    const { clock, it } = await inClass();
    it.joined.die();
    await clock.advance(50);
    expect(it.agent.phase).toBe('interrupted');
    expect(it.firmware.desired).toMatchObject({ presence: 'lost', camera: false });
    await clock.advance(1_500);
    expect(it.agent.health.camera).toMatchObject({ state: 'fault', why: expect.any(String) });
    expect(it.broker.on(topics.state(ROBOT)).at(-1)).toMatchObject({ faults: ['mediaLost'] });
    const { session } = it.agent;
    // There is no connection left to restart: the pupil's page calls again.
    const stale = { ok: false, reason: 'staleChallenge' };
    expect(await session.offer(ANNA, 'v=0', { restart: true })).toEqual(stale);
    expect(await it.offer()).toEqual({ ok: false, reason: 'notAvailable' });
    it.joined.recover();
    await clock.advance(1_000);
    expect(await it.offer()).toMatchObject({ ok: true });
    it.peer.become('connected');
    await clock.advance(2_000);
    expect(it.agent.phase).toBe('live');
    expect(it.agent.health.camera).toMatchObject({ state: 'running' });
  });

  it('raises a hand and tells the pupil that the teacher saw it', async () => {
    const { clock, it } = await inClass();
    it.peer.say({ kind: 'hand', up: true });
    await clock.advance(50);
    expect(it.firmware.desired?.hand).toBe(true);
    it.firmware.happen('handAcknowledged');
    await clock.advance(50);
    expect(it.firmware.desired?.hand).toBe(false);
    expect(it.peer.last('handAcknowledged')).toBeDefined();
    expect(it.peer.last('state')).toMatchObject({ hand: 'acknowledged' });
    it.peer.say({ kind: 'hangUp' });
    await clock.advance(100);
    expect(it.broker.on(topics.usage(ROBOT))).toMatchObject([
      { handsRaised: 1, handsAcknowledged: 1, why: 'hangUp' },
    ]);
  });

  it('shows "seen" for some seconds; then one press raises the hand again', async () => {
    const { clock, it } = await inClass();
    it.peer.say({ kind: 'hand', up: true });
    it.firmware.happen('handAcknowledged');
    await live(clock, it, HAND_SEEN_MS - 100);
    expect(it.peer.last('state')).toMatchObject({ hand: 'acknowledged' });
    await live(clock, it, 200);
    expect(it.peer.last('state')).toMatchObject({ hand: 'down' });
    it.peer.say({ kind: 'hand', up: true });
    await clock.advance(1);
    expect(it.firmware.desired?.hand).toBe(true);
    it.firmware.happen('handAcknowledged');
    await live(clock, it, 1_000);
    // Raised again before "seen" has expired: also one press, and the timer does not lower it.
    it.peer.say({ kind: 'hand', up: true });
    await live(clock, it, 3 * HAND_SEEN_MS);
    expect(it.peer.last('state')).toMatchObject({ hand: 'up' });
    expect(it.firmware.desired?.hand).toBe(true);
  });

  it('shows "seen" to a pupil who was away when the teacher pressed', async () => {
    const { clock, it } = await inClass();
    it.peer.say({ kind: 'hand', up: true });
    await live(clock, it, 1_000);
    // The connection is already dead, but not yet detected.
    await clock.advance(2_000);
    it.firmware.happen('handAcknowledged');
    await clock.advance(12_000);
    expect(it.agent.phase).toBe('interrupted');
    it.peer.say({ kind: 'alive', sentAtMs: 1 });
    await clock.advance(50);
    expect(it.peer.last('state')).toMatchObject({ phase: 'live', hand: 'acknowledged' });
    await live(clock, it, HAND_SEEN_MS + 50);
    expect(it.peer.last('state')).toMatchObject({ hand: 'down' });
  });

  it('forgets a raised hand when its pupil leaves', async () => {
    const { clock, it } = await inClass();
    it.peer.say({ kind: 'hand', up: true });
    it.firmware.happen('handAcknowledged');
    it.peer.say({ kind: 'hangUp' });
    await clock.advance(200);
    await it.offer(BEN);
    it.peer.become('connected');
    await clock.advance(50);
    it.peer.say({ kind: 'hand', up: true });
    await live(clock, it, 2 * HAND_SEEN_MS);
    expect(it.peer.last('state')).toMatchObject({ hand: 'up' });
  });

  it('really mutes while the pupil only listens', async () => {
    const { clock, it } = await inClass();
    const voice = new Int16Array(480).fill(5_000);
    it.peer.speak(voice);
    expect(it.media.speaker.played).toHaveLength(1);
    it.peer.say({ kind: 'listenOnly', on: true });
    it.peer.speak(voice);
    await clock.advance(500);
    it.peer.speak(voice);
    expect(it.media.speaker.played).toHaveLength(1);
    expect(it.firmware.desired).toMatchObject({ presence: 'listening', amplifier: false });
    expect(it.peer.last('heard')?.voiceDb).toBe(-100);
  });

  it('closes the record that a power cut left open, with the last minute on record', async () => {
    const { clock, storage, it } = await inClass();
    await live(clock, it, 150_000);
    expect(await storage.read(OPEN_FILE)).toBeDefined();
    const next = new TestAgent(clock, storage);
    await next.agent.start();
    await clock.advance(100);
    const [record] = next.broker.on(topics.usage(ROBOT));
    expect(record).toMatchObject({ why: 'powerLost', minutes: 2 });
    expect(await storage.read(OPEN_FILE)).toBeUndefined();
    expect(await storage.readLines(OUTBOX_FILE)).toEqual([]);
  });

  it('keeps records until the broker has them, and works without it', async () => {
    const { clock, storage, it } = await started();
    it.broker.connect(false);
    await it.offer();
    it.peer.become('connected');
    await clock.advance(100);
    expect(it.agent.phase).toBe('live');
    it.peer.say({ kind: 'hangUp' });
    await clock.advance(60_000);
    expect(await storage.readLines(OUTBOX_FILE)).toHaveLength(1);
    it.broker.connect(true);
    await clock.advance(100);
    expect(await storage.readLines(OUTBOX_FILE)).toEqual([]);
    expect(it.broker.on(topics.usage(ROBOT))).toHaveLength(1);
  });

  it('stops in order: pupil told, record on disk, fleet told, all closed', async () => {
    const { clock, it } = await inClass();
    const stopped = it.agent.stop();
    await clock.advance(2_000);
    await stopped;
    expect(it.peer.last('ended')).toEqual({ kind: 'ended', why: 'robotStopped' });
    expect(it.peer.closed).toBe(true);
    expect(it.broker.on(topics.state(ROBOT)).at(-1)).toMatchObject({ state: 'disconnected' });
    expect(it.broker.closed).toBe(true);
  });

  it('does not wait for a broker that acknowledges nothing, and loses nothing', async () => {
    const { clock, storage, it } = await inClass();
    it.broker.mute = true;
    const { stopped, inMs } = await stopping(clock, it);
    expect(stopped()).toBe(true);
    expect(inMs()).toBeLessThanOrEqual(1_700);
    expect(it.peer.last('ended')).toEqual({ kind: 'ended', why: 'robotStopped' });
    const next = new TestAgent(clock, storage);
    await next.agent.start();
    await clock.advance(100);
    expect(next.broker.on(topics.usage(ROBOT))).toMatchObject([{ why: 'robotStopped' }]);
  });

  it('does not wait for a disk and devices that never answer', async () => {
    const { clock, storage, it } = await inClass();
    const never = () => new Promise<void>(() => {});
    Object.assign(storage, { write: never, append: never, remove: never });
    it.media.camera.stop = never;
    const { stopped, inMs } = await stopping(clock, it);
    expect(stopped()).toBe(true);
    expect(inMs()).toBeLessThanOrEqual(1_700);
    expect(it.firmware.desired).toMatchObject({ camera: false, microphone: false });
    expect(it.broker.on(topics.state(ROBOT)).at(-1)).toMatchObject({ state: 'disconnected' });
  });

  it('reports its state to the fleet', async () => {
    const { clock, it } = await inClass();
    it.firmware.happen('paused');
    await clock.advance(50);
    it.peer.say({ kind: 'hangUp' });
    await clock.advance(50);
    it.firmware.change({ faults: ['loopLate'] });
    await clock.advance(500);
    it.firmware.change({ faults: [] });
    await clock.advance(2_000);
    it.firmware.change({ faults: ['panStall'] });
    await clock.advance(1_100);
    const states = it.broker.on(topics.state(ROBOT)) as { state: string }[];
    expect(states.map(({ state }) => state)).toEqual([
      'init',
      'ready',
      'live',
      'paused',
      'ready',
      'alert',
    ]);
    expect(it.broker.will?.payload).toContain('"lost"');
  });

  it('starts with unreadable keys: nobody is let in, the fleet is told, the body is served', async () => {
    const clock = new SimClock();
    const storage = new MemoryStorage();
    await new TestAgent(clock, storage).agent.start();
    storage.leave('robot-keys.json', '');
    storage.leave('robot-keys.json.bak', '');
    storage.leave('access.json', '');
    const it = new TestAgent(clock, storage);
    await it.agent.start();
    await clock.advance(2_000);
    expect(it.agent.accessLoader.access).toBeUndefined();
    expect(it.agent.health.faults).toEqual(['accessClosed']);
    const state = it.broker.on(topics.state(ROBOT)).at(-1);
    expect(state).toMatchObject({ state: 'alert', faults: ['accessClosed'] });
    expect(it.firmware.desired).toMatchObject({ presence: 'asleep', camera: false });
  });

  it('shows the pupil that firmware is gone, and recovers', async () => {
    const { clock, it } = await inClass();
    it.firmware.die();
    await live(clock, it, 1_000);
    expect(it.peer.last('state')?.problems).toContain('body');
    it.peer.say({ kind: 'look', pan: 10, tilt: 0 });
    expect(it.peer.last('refused')).toMatchObject({ reason: 'motionOff' });
    it.firmware.up = true;
    await live(clock, it, 1_000);
    expect(it.peer.last('state')?.problems).toEqual([]);
    it.peer.say({ kind: 'look', pan: 10, tilt: 0 });
    await clock.advance(1);
    expect(it.firmware.last('look')).toMatchObject({ pan: 10, tilt: 0 });
  });

  /** A continuous stream of camera, microphone and pupil's voice; counts what gets through. */
  function flow(clock: SimClock, it: TestAgent) {
    const peer = it.peer;
    const seen = { atMs: Number.NEGATIVE_INFINITY };
    const passes = (): number =>
      peer.frames.filter(({ black }) => !black).length +
      peer.audioChunks +
      it.media.speaker.played.length;
    clock.every(10, () => {
      const before = passes();
      it.media.camera.shoot(clock.now());
      it.media.microphone.hear(new Int16Array(480));
      peer.speak(new Int16Array(480).fill(9_000));
      if (passes() > before) seen.atMs = clock.now();
    });
    return seen;
  }

  it.each([
    ['is killed', (it: TestAgent) => it.firmware.die()],
    ['hangs', (it: TestAgent) => it.firmware.freeze()],
    ['repeats its last message', (it: TestAgent) => it.firmware.repeat()],
    [
      'speaks another protocol version',
      (it: TestAgent) => it.firmware.speak('{"kind":"body","v":2}'),
    ],
  ])('closes camera, microphone and voice within 500 ms when firmware %s', async (_, break_) => {
    const { clock, it } = await inClass();
    const media = flow(clock, it);
    await live(clock, it, 1_000);
    expect(clock.now() - media.atMs).toBeLessThan(20);
    break_(it);
    const brokenMs = clock.now();
    await live(clock, it, 5_000);
    expect(media.atMs - brokenMs).toBeLessThan(500);
    expect(it.peer.frames.at(-1)?.black).toBe(true);
    expect(it.peer.last('state')).toMatchObject({
      ...{ phase: 'waking', problems: ['body'] },
      ...{ camera: 'off', microphone: 'off', speaker: 'off' },
    });
    it.firmware.recover();
    await live(clock, it, 1_000);
    expect(clock.now() - media.atMs).toBeLessThan(20);
    expect(it.peer.last('state')).toMatchObject({ phase: 'live', problems: [], camera: 'on' });
  });

  it('treats a late message as silence, because it may no longer be true', async () => {
    const { clock, it } = await inClass();
    const media = flow(clock, it);
    it.firmware.lateMs = 1_000;
    const lateMs = clock.now();
    await live(clock, it, 5_000);
    expect(media.atMs - lateMs).toBeLessThan(500);
  });

  it('stays paused when firmware comes back paused', async () => {
    const { clock, it } = await inClass();
    const media = flow(clock, it);
    it.firmware.die();
    await live(clock, it, 1_000);
    const closedMs = media.atMs;
    it.firmware.change({ paused: true });
    it.firmware.recover();
    await live(clock, it, 5_000);
    expect(media.atMs).toBe(closedMs);
    expect(it.peer.last('state')).toMatchObject({ phase: 'paused', problems: [] });
    it.firmware.happen('resumed');
    await live(clock, it, 500);
    expect(clock.now() - media.atMs).toBeLessThan(20);
  });

  it.each([
    ['is not there', (it: TestAgent) => it.firmware.die()],
    ['says nothing', (it: TestAgent) => it.firmware.freeze()],
  ])(
    'shows no picture to a pupil who joins while firmware %s, or when it comes back paused',
    async (_, gone) => {
      const clock = new SimClock();
      const it = new TestAgent(clock, new MemoryStorage());
      gone(it);
      it.firmware.mute = true;
      await it.agent.start();
      await clock.advance(100);
      await it.offer();
      it.peer.become('connected');
      const media = flow(clock, it);
      await live(clock, it, 10_000);
      expect(media.atMs).toBe(Number.NEGATIVE_INFINITY);
      expect(it.peer.last('state')).toMatchObject({ phase: 'waking', problems: ['body'] });
      it.firmware.change({ paused: true });
      it.firmware.recover();
      await live(clock, it, 2_000);
      expect(media.atMs).toBe(Number.NEGATIVE_INFINITY);
      expect(it.peer.last('state')).toMatchObject({ phase: 'paused' });
      it.firmware.happen('resumed');
      await live(clock, it, 1_000);
      expect(clock.now() - media.atMs).toBeLessThan(20);
    },
  );

  it('reads messages with fields of a newer firmware', async () => {
    const { clock, it } = await inClass();
    it.firmware.change({ faults: ['warpCore'], ...{ mood: 'new' } });
    await live(clock, it, 1_000);
    expect(it.peer.last('state')).toMatchObject({ phase: 'live', problems: [] });
  });

  it('camera and microphone stay off while the teacher\u2019s button does not work', async () => {
    const { clock, it } = await inClass();
    const media = flow(clock, it);
    await live(clock, it, 100);
    it.firmware.change({ faults: ['teacherButton'] });
    await live(clock, it, 1_000);
    expect(clock.now() - media.atMs).toBeGreaterThan(900);
    expect(it.peer.last('state')).toMatchObject({
      phase: 'waking',
      problems: ['teacherButton'],
    });
    it.firmware.change({ faults: [] });
    await live(clock, it, 500);
    expect(clock.now() - media.atMs).toBeLessThan(20);
  });

  it('degrades without a camera, reports it, and shows black instead of the last frame', async () => {
    const { clock, it } = await inClass();
    it.media.camera.shoot(clock.now());
    it.media.camera.become('fault', 'unplugged');
    await live(clock, it, 2_000);
    expect(it.peer.last('state')).toMatchObject({ camera: 'fault', problems: ['camera'] });
    expect(it.peer.frames.at(-1)?.black).toBe(true);
    it.peer.say({ kind: 'tap', x: 0.5, y: 0.5 });
    expect(it.peer.last('refused')).toMatchObject({ reason: 'noCamera' });
    it.media.camera.become('running');
    it.media.camera.shoot(clock.now());
    expect(it.peer.frames.at(-1)?.black).toBe(false);
    expect(it.peer.last('state')).toMatchObject({ camera: 'on', problems: [] });
  });
});
