import { describe, expect, it } from 'vitest';
import type { Supervisor } from '../hal/ports/supervisor.ts';
import { SimClock } from '../sim/time/sim-clock.ts';
import { ASLEEP_BODY_PERIOD_MS, BODY_PERIOD_MS } from './link/schema.ts';
import { awakeRig, HERE, Rig } from './testing/rig.ts';

const ASLEEP = { ...HERE, presence: 'asleep', camera: false, microphone: false } as const;

function listening(watchdogMs: number | undefined) {
  const notifications: string[] = [];
  const aliveMs: number[] = [];
  const clock = new SimClock();
  const supervisor: Supervisor = {
    watchdogMs,
    ready: () => notifications.push('READY'),
    status: (text) => notifications.push(text),
    stopping: () => notifications.push('STOPPING'),
    alive: () => aliveMs.push(clock.now()),
  };
  return { clock, supervisor, notifications, aliveMs };
}

describe('systemd is notified', () => {
  it('of readiness, status, watchdog and stop', async () => {
    const { clock, supervisor, notifications, aliveMs } = listening(2_000);
    const robot = new Rig({ clock, supervisor });
    await robot.firmware.start();
    expect(notifications).toEqual([]);
    await clock.advance(300);
    robot.connect();
    await clock.advance(10_000);
    robot.body.teacherButton.press();
    await clock.advance(2_000);
    const stopped = robot.firmware.stop();
    await clock.advance(1_000);
    await stopped;
    expect(notifications[0]).toBe('READY');
    expect(notifications.filter((line) => line === 'READY')).toHaveLength(1);
    expect(notifications).toContain('here; head holding; camera on');
    expect(notifications.at(-2)).toMatch(/^paused by the teacher; head \w+; camera off$/);
    expect(notifications.at(-1)).toBe('STOPPING');
    const gaps = aliveMs.slice(1).map((atMs, i) => atMs - (aliveMs[i] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(1_000);
  });

  it('not by a loop whose ticks fail, so that it is killed', async () => {
    const { clock, supervisor, aliveMs } = listening(1_000);
    const robot = await awakeRig({ clock, supervisor });
    const { kicks } = robot.body.count;
    const before = aliveMs.length;
    Object.defineProperty(robot.body.cameraRail, 'present', {
      get: () => {
        throw new Error('a bug');
      },
    });
    let logLine: (line: string) => void = () => {};
    robot.firmware.attach({
      send: () => {
        throw new Error('another');
      },
      onLine: (hear) => {
        logLine = hear;
      },
      onClose: () => {},
      close: () => {},
    });
    // A second agent has to send something first.
    logLine(JSON.stringify({ kind: 'desired', seq: 0, desired: HERE }));
    await clock.advance(5_000);
    expect(aliveMs.length - before).toBeLessThanOrEqual(1);
    expect(robot.body.count.kicks - kicks).toBeLessThanOrEqual(1);
  });
});

describe('a robot that sleeps', () => {
  const perSecond = async (robot: Rig): Promise<number> => {
    const before = robot.messages.length;
    await robot.clock.advance(5_000);
    return (robot.messages.length - before) / 5;
  };

  it('sends little while nothing changes, and each change at once', async () => {
    const robot = await awakeRig();
    expect(await perSecond(robot)).toBe(1_000 / BODY_PERIOD_MS);
    robot.setDesired(ASLEEP);
    await robot.clock.advance(4_000);
    expect(await perSecond(robot)).toBeCloseTo(1_000 / ASLEEP_BODY_PERIOD_MS, 0);
    robot.body.teacherButton.press();
    await robot.clock.advance(60);
    expect(robot.last.paused).toBe(true);
    robot.body.teacherButton.press();
    robot.setDesired(HERE);
    await robot.clock.advance(100);
    expect(robot.last).toMatchObject({ motion: 'moving', cameraOn: true });
  });
});
