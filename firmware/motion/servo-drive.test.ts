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
  it('writes a command right behind a write that is under way, and only the newest', async () => {
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
    expect(drive.commandToWrite.spread().maxMs).toBe(5);
  });

  it('does not write again what was taken', async () => {
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
