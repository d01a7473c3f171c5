import { afterEach, describe, expect, it } from 'vitest';
import { Lesson, type LessonOptions } from '../sim/testing/lesson.ts';

const running: Lesson[] = [];
afterEach(async () => {
  for (const lesson of running.splice(0)) await lesson.stop();
});

async function begin(options: LessonOptions = {}) {
  const lesson = await Lesson.start(options);
  running.push(lesson);
  return lesson;
}

async function inClass(options: LessonOptions = {}) {
  const lesson = await begin(options);
  const pupil = await lesson.pupil();
  await pupil.join();
  await lesson.clock.advance(2_000);
  return { lesson, pupil };
}

/** How far the head turns in the next `ms`, degrees. */
async function turned(lesson: Lesson, ms: number): Promise<number> {
  const before = lesson.truth.pan.deg;
  await lesson.clock.advance(ms);
  return Math.abs(lesson.truth.pan.deg - before);
}

describe('a lesson', () => {
  it('begins: the head lifts, the watch light is on, pictures and sound arrive', async () => {
    const { lesson, pupil } = await inClass();
    expect(lesson.life).toBe('live');
    expect(lesson.truth.cameraRail).toBe(true);
    expect(lesson.truth.tilt.deg).toBeGreaterThan(-3);
    const lastSecond = lesson.clock.now() - 1_000;
    const fresh = pupil.remote.frames.filter((frame) => frame.arrivedAtMs > lastSecond);
    expect(fresh.length).toBeGreaterThanOrEqual(28);
    expect(fresh.every((frame) => frame.luma > 40)).toBe(true);
    expect(
      pupil.remote.sounds.filter((chunk) => chunk.arrivedAtMs > lastSecond).length,
    ).toBeGreaterThan(95);
  });

  it('turns the head where the pupil looks, within its limits', async () => {
    const { lesson, pupil } = await inClass();
    pupil.remote.look({ kind: 'look', pan: 60, tilt: 10 });
    await lesson.clock.advance(3_000);
    expect(lesson.truth.pan.deg).toBeCloseTo(60, -0.3);
    expect(Math.abs(lesson.truth.pan.deg - 60)).toBeLessThan(1.5);
    expect(Math.abs(lesson.truth.tilt.deg - 10)).toBeLessThan(1.5);
    pupil.remote.look({ kind: 'look', pan: 180, tilt: 90 });
    await lesson.clock.advance(5_000);
    expect(lesson.truth.pan.deg).toBeLessThan(176.5);
    expect(lesson.truth.tilt.deg).toBeLessThan(31.5);
  });

  it('shows a raised hand, and the pupil sees that the teacher acknowledged it', async () => {
    const { lesson, pupil } = await inClass();
    pupil.remote.command({ kind: 'hand', up: true });
    let brightest = 0;
    for (let i = 0; i < 40; i++) {
      await lesson.clock.advance(50);
      brightest = Math.max(brightest, lesson.truth.hand);
    }
    expect(brightest).toBeGreaterThan(0.5);
    await lesson.press('teacher');
    expect(pupil.remote.newest('handAcknowledged')).toBeDefined();
    expect(lesson.truth.cameraRail).toBe(true);
    await lesson.clock.advance(3_000);
    expect(pupil.remote.newest('state')).toMatchObject({ hand: 'acknowledged' });
    expect(lesson.truth.hand).toBeGreaterThan(0.1);
    await lesson.clock.advance(3_000);
    expect(pupil.remote.newest('state')).toMatchObject({ hand: 'down' });
    expect(lesson.truth.hand).toBe(0);
    // Both sides are ready: the pupil presses once and the class sees it.
    pupil.remote.command({ kind: 'hand', up: true });
    await lesson.clock.advance(500);
    expect(pupil.remote.newest('state')).toMatchObject({ hand: 'up' });
    expect(lesson.truth.hand).toBeGreaterThan(0);
    pupil.remote.command({ kind: 'hangUp' });
    await lesson.clock.advance(2_000);
    expect(lesson.usage.at(-1)).toMatchObject({
      why: 'hangUp',
      handsRaised: 2,
      handsAcknowledged: 1,
    });
  });

  it('is paused by one press: camera dark, microphone off, the session kept, resumed by another', async () => {
    const { lesson, pupil } = await inClass();
    await lesson.press('teacher');
    await lesson.clock.advance(1_500);
    expect(lesson.truth).toMatchObject({ cameraRail: false, microphoneRail: false });
    expect(lesson.life).toBe('paused');
    expect(pupil.remote.newest('state')).toMatchObject({ phase: 'paused' });
    expect(pupil.remote.frames.at(-1)?.luma).toBeLessThan(20);
    await lesson.press('teacher');
    await lesson.clock.advance(2_000);
    expect(lesson.truth.cameraRail).toBe(true);
    expect(lesson.life).toBe('live');
    expect(pupil.remote.frames.at(-1)?.luma).toBeGreaterThan(40);
  });

  it('refuses a second pupil, who gets in when the first has left', async () => {
    const { lesson, pupil } = await inClass();
    const second = await lesson.pupil();
    await expect(second.join()).rejects.toMatchObject({ reason: 'inUse' });
    expect(lesson.life).toBe('live');
    pupil.remote.command({ kind: 'hangUp' });
    await lesson.clock.advance(2_000);
    await second.join();
    await lesson.clock.advance(1_000);
    expect(lesson.life).toBe('live');
  });

  it('just listening really mutes: the voice never reaches the speaker', async () => {
    const { lesson, pupil } = await inClass();
    pupil.remote.talk(0.4);
    await lesson.clock.advance(1_000);
    expect(lesson.truth.speaking).toBeGreaterThan(0.01);
    pupil.remote.command({ kind: 'listenOnly', on: true });
    await lesson.clock.advance(1_000);
    expect(lesson.truth.speaking).toBeLessThan(0.001);
  });
});

describe('when things break', () => {
  it('frozen agent: the head stops within 500 ms, the camera is dark, the robot rests after 10 s', async () => {
    const { lesson, pupil } = await inClass();
    pupil.remote.look({ kind: 'look', pan: 170, tilt: 0 });
    await lesson.clock.advance(800);
    // Over 200 ms: the servo gets a pulse every 20 ms and sticks in between, so its speed varies.
    expect(await turned(lesson, 200)).toBeGreaterThan(5);
    lesson.freezeAgent();
    await lesson.clock.advance(500);
    expect(await turned(lesson, 200)).toBeLessThan(0.8);
    expect(lesson.truth.cameraRail).toBe(false);
    await lesson.clock.advance(12_000);
    expect(lesson.truth.tilt.deg).toBeLessThan(-23);
  });

  it('firmware gone for a minute: no picture or sound without it, and it recovers', async () => {
    const { lesson, pupil } = await inClass();
    lesson.killFirmware();
    const deadMs = lesson.clock.now();
    await lesson.clock.advance(60_000);
    const late = ({ arrivedAtMs }: { arrivedAtMs: number }): boolean => arrivedAtMs > deadMs + 600;
    expect(pupil.remote.frames.filter((frame) => late(frame) && frame.luma > 20)).toEqual([]);
    expect(pupil.remote.sounds.filter(late)).toEqual([]);
    expect(pupil.remote.newest('state')).toMatchObject({ phase: 'waking', problems: ['body'] });
    await lesson.startFirmware();
    await lesson.clock.advance(3_000);
    const lastSecond = lesson.clock.now() - 1_000;
    const fresh = pupil.remote.frames.filter((frame) => frame.arrivedAtMs > lastSecond);
    expect(fresh.filter((frame) => frame.luma > 40).length).toBeGreaterThan(25);
    expect(pupil.remote.newest('state')).toMatchObject({ phase: 'live', problems: [] });
  });

  it('firmware that dies during a pause comes back paused', async () => {
    const { lesson, pupil } = await inClass();
    await lesson.press('teacher');
    lesson.killFirmware();
    await lesson.clock.advance(2_000);
    await lesson.startFirmware();
    await lesson.clock.advance(2_000);
    expect(pupil.remote.newest('state')).toMatchObject({ phase: 'paused' });
    expect(lesson.truth.cameraRail).toBe(false);
  });

  it('media killed: dark, nobody is let in without it, and the lesson resumes with it', async () => {
    const { lesson, pupil } = await inClass();
    lesson.killMedia();
    await lesson.clock.advance(600);
    expect(lesson.truth.cameraRail).toBe(false);
    expect(lesson.truth.microphoneRail).toBe(false);
    await lesson.clock.advance(2_000);
    await expect(pupil.join()).rejects.toMatchObject({ reason: 'notAvailable' });
    await lesson.startMedia();
    await lesson.clock.advance(1_000);
    await pupil.join();
    await lesson.clock.advance(2_000);
    expect(lesson.truth.cameraRail).toBe(true);
    expect(pupil.remote.newest('state')).toMatchObject({ phase: 'live', problems: [] });
    expect(pupil.remote.frames.at(-1)?.luma).toBeGreaterThan(40);
    expect(lesson.life).toBe('live');
    pupil.remote.command({ kind: 'hangUp' });
    await lesson.clock.advance(2_000);
    expect(lesson.usage.map(({ why }) => why)).toEqual(['hangUp']);
  });

  it('a pupil\u2019s tablet dies: amber, dark, asleep, and one record that says so', async () => {
    const { lesson, pupil } = await inClass();
    pupil.vanish();
    await lesson.clock.advance(8_000);
    expect(lesson.truth.cameraRail).toBe(false);
    const [red, green, blue] = lesson.truth.ring;
    expect(red).toBeGreaterThan(0.05);
    expect(red).toBeGreaterThan(green);
    expect(green).toBeGreaterThan(blue);
    await lesson.clock.advance(35_000);
    expect(lesson.life).toBe('ready');
    expect(lesson.usage.map(({ why }) => why)).toEqual(['lost']);
  });

  it('the same pupil comes back in time: one session, one record', async () => {
    const { lesson, pupil } = await inClass();
    pupil.vanish();
    await lesson.clock.advance(10_000);
    await pupil.join();
    await lesson.clock.advance(1_500);
    expect(lesson.life).toBe('live');
    pupil.remote.command({ kind: 'hangUp' });
    await lesson.clock.advance(1_000);
    expect(lesson.usage).toHaveLength(1);
  });

  it('losing the broker ends no lesson, and the record is delivered when it is back', async () => {
    const { lesson, pupil } = await inClass();
    lesson.broker.stop();
    await lesson.clock.advance(20_000);
    pupil.remote.look({ kind: 'look', pan: -40, tilt: 0 });
    await lesson.clock.advance(2_500);
    expect(Math.abs(lesson.truth.pan.deg + 40)).toBeLessThan(1.5);
    pupil.remote.command({ kind: 'hangUp' });
    await lesson.clock.advance(2_000);
    expect(lesson.usage).toHaveLength(0);
    lesson.broker.start();
    await lesson.clock.advance(90_000);
    expect(lesson.usage.map(({ why }) => why)).toEqual(['hangUp']);
  });

  it('a servo that stalls and an encoder that is lost stop the head, are reported, and recover', async () => {
    const { lesson, pupil } = await inClass();
    for (const name of ['panStall', 'panEncoderLost'] as const) {
      lesson.do({ kind: 'fault', name, on: true });
      pupil.remote.look({ kind: 'look', pan: 70, tilt: 0 });
      await lesson.clock.advance(3_000);
      expect(pupil.remote.newest('state')).toMatchObject({
        problems: expect.arrayContaining(['noMotion']),
      });
      expect(lesson.truth.cameraRail).toBe(true);
      lesson.do({ kind: 'fault', name, on: false });
      await lesson.clock.advance(20_000);
      pupil.remote.look({ kind: 'look', pan: 20, tilt: 0 });
      await lesson.clock.advance(3_000);
      expect(Math.abs(lesson.truth.pan.deg - 20), name).toBeLessThan(1.5);
    }
  });

  it('a teacher\u2019s button that is lost: nothing is seen or heard until it works again', async () => {
    const { lesson, pupil } = await inClass();
    lesson.do({ kind: 'fault', name: 'teacherButtonLost', on: true });
    await lesson.clock.advance(1_500);
    const closedMs = lesson.clock.now();
    await lesson.clock.advance(3_000);
    expect(lesson.truth.cameraRail).toBe(false);
    expect(lesson.truth.microphoneRail).toBe(false);
    const late = ({ arrivedAtMs }: { arrivedAtMs: number }): boolean => arrivedAtMs > closedMs;
    expect(pupil.remote.frames.filter((frame) => late(frame) && frame.luma > 20)).toEqual([]);
    expect(pupil.remote.sounds.filter(late)).toEqual([]);
    expect(pupil.remote.newest('state')).toMatchObject({ problems: ['teacherButton'] });
    lesson.do({ kind: 'fault', name: 'teacherButtonLost', on: false });
    await lesson.clock.advance(3_000);
    expect(lesson.truth.cameraRail).toBe(true);
    expect(pupil.remote.newest('state')).toMatchObject({ phase: 'live', problems: [] });
  });

  it('an uncalibrated robot sees and speaks, does not move, and says why', async () => {
    const lesson = await begin({ calibration: undefined });
    expect(lesson.life).toBe('alert');
    const pupil = await lesson.pupil();
    await pupil.join();
    await lesson.clock.advance(2_000);
    const before = lesson.truth.pan.deg;
    pupil.remote.look({ kind: 'look', pan: 60, tilt: 0 });
    await lesson.clock.advance(2_000);
    expect(lesson.truth.pan.deg).toBeCloseTo(before, 1);
    expect(pupil.remote.newest('state')).toMatchObject({
      problems: expect.arrayContaining(['noMotion']),
    });
    expect(pupil.remote.frames.length).toBeGreaterThan(50);
  });
});
