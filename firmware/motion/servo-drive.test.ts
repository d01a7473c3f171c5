import { describe, expect, it } from 'vitest';
import { delay } from '../../hal/ports/clock.ts';
import { silentLog } from '../../hal/ports/log.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { referenceCalibration } from '../../sim/world/geometry.ts';
import { ServoDrive } from './servo-drive.ts';

/** A bus on which a write takes `ms`. */
function slowServos(clock: SimClock, ms: number) {
  const writes: { atMs: number; panUs: number }[] = [];
  const servos = {
    present: true,
    setPulses: async (panUs: number) => {
      await delay(clock, ms);
      writes.push({ atMs: clock.now(), panUs });
    },
    release: async () => {},
  };
  return { servos, writes };
}

describe('ServoDrive', () => {
  it('writes a command right after the write in flight, and only the newest', async () => {
    const clock = new SimClock();
    const { servos, writes } = slowServos(clock, 3);
    const drive = new ServoDrive(servos, referenceCalibration, clock, silentLog);
    const start = clock.now();
    drive.hold({ pan: 0, tilt: 0 });
    await clock.advance(1);
    drive.begin({ pan: 10, tilt: 0 }, clock.now());
    drive.begin({ pan: 20, tilt: 0 }, clock.now());
    await clock.advance(20);
    expect(writes.map(({ atMs }) => atMs - start)).toEqual([3, 6]);
    expect(drive.commandToWrite.count).toBe(1);
    expect(drive.commandToWrite.percentiles().maxMs).toBe(5);
  });

  it('is lost when writes fail while the loop runs, not when the loop was blocked', async () => {
    const clock = new SimClock();
    const answers: (() => void)[] = [];
    const setPulses = (): Promise<void> => new Promise((resolve) => answers.push(resolve));
    const servos = { present: true, setPulses, release: async () => {} };
    const drive = new ServoDrive(servos, referenceCalibration, clock, silentLog);
    const tick = async (afterMs: number): Promise<boolean> => {
      await clock.advance(afterMs);
      drive.watch(clock.now());
      drive.hold({ pan: clock.now() / 1_000, tilt: 0 });
      return drive.lost;
    };
    await tick(10);
    // The answer came meanwhile, but a blocked loop processes it only after the next tick.
    expect(await tick(400)).toBe(false);
    answers[0]?.();
    for (let ticks = 0; ticks < 10; ticks++) expect(await tick(10)).toBe(false);
    expect(answers).toHaveLength(2);
    expect(await tick(10)).toBe(true);
    // An early answer does not end it; torque is off for a second.
    const untilMs = clock.now() + 1_000;
    while (clock.now() + 10 < untilMs) {
      answers.at(-1)?.();
      expect(await tick(10)).toBe(true);
    }
    expect(await tick(10)).toBe(false);
  });

  it('does not repeat a successful write', async () => {
    const clock = new SimClock();
    const { servos, writes } = slowServos(clock, 1);
    const drive = new ServoDrive(servos, referenceCalibration, clock, silentLog);
    for (let tick = 0; tick < 10; tick++) {
      drive.hold({ pan: 5, tilt: 0 });
      await clock.advance(10);
    }
    expect(writes).toHaveLength(1);
  });
});
