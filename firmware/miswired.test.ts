/**
 * A robot with wrong wiring or another one's calibration, on the simulator's physical body: how far
 * does its head move before firmware detects it, and is the fault reported?
 */
import { describe, expect, it } from 'vitest';
import type { AxisCalibration, Calibration } from '../hal/boards/calibration.ts';
import { deskmate1 } from '../hal/boards/deskmate1.ts';
import type { BodyHardware } from '../hal/ports/body.ts';
import { silentLog } from '../hal/ports/log.ts';
import { openSimulatedBody } from '../sim/body/open-body.ts';
import { SimClock } from '../sim/time/sim-clock.ts';
import { referenceCalibration, referenceGeometry } from '../sim/world/geometry.ts';
import { MemoryWorldPort } from '../sim/world/memory-port.ts';
import { World } from '../sim/world/world.ts';
import { Firmware } from './firmware.ts';
import { TestAgent } from './testing/rig.ts';

/**
 * The simulated servo turns at 400 deg/s, an encoder is read every 10 ms and a pulse takes 20 ms:
 * measured here are 15.4 degrees of pan and 16 of tilt.
 */
const FARTHEST_DEG = 18;
/** Three attempts with pauses of 2 and 4 s, and time to verify that there is no fourth. */
const LESSON_MS = 15_000;
/** With torque off the head has stopped by then. */
const COAST_MS = 150;

interface Mistake {
  readonly calibration?: Calibration;
  readonly wire?: (body: BodyHardware) => BodyHardware;
}

const { pan, tilt } = referenceCalibration;
/** Calibration of a servo that turns the other way, with mirrored pulse limits. */
const reversed = (axis: AxisCalibration): AxisCalibration => ({
  ...axis,
  usPerDeg: -axis.usPerDeg,
  minUs: Math.max(500, 2 * axis.zeroUs - axis.maxUs),
  maxUs: Math.min(2500, 2 * axis.zeroUs - axis.minUs),
});
const mirrored = (axis: AxisCalibration): AxisCalibration => ({
  ...axis,
  encoderDirection: axis.encoderDirection === 1 ? -1 : 1,
});
const offZero = (axis: AxisCalibration, deg: number): AxisCalibration => ({
  ...axis,
  encoderZeroDeg: (axis.encoderZeroDeg + deg + 360) % 360,
});
const swapServos = (body: BodyHardware): BodyHardware => ({
  ...body,
  servos: {
    present: true,
    setPulses: (panUs, tiltUs) => body.servos.setPulses(tiltUs, panUs),
    release: () => body.servos.release(),
  },
});
const swapEncoders = (body: BodyHardware): BodyHardware => ({
  ...body,
  panEncoder: body.tiltEncoder,
  tiltEncoder: body.panEncoder,
});

const MISTAKES: Readonly<Record<string, Mistake>> = {
  'servos swapped': { wire: swapServos },
  'encoders swapped': { wire: swapEncoders },
  'pan servo reversed': { calibration: { pan: reversed(pan), tilt } },
  'tilt servo reversed': { calibration: { pan, tilt: reversed(tilt) } },
  'pan encoder reversed': { calibration: { pan: mirrored(pan), tilt } },
  'tilt encoder reversed': { calibration: { pan, tilt: mirrored(tilt) } },
  'pan zero off by 90': { calibration: { pan: offZero(pan, 90), tilt } },
  'pan zero off by -90': { calibration: { pan: offZero(pan, -90), tilt } },
  'tilt zero off by 90': { calibration: { pan, tilt: offZero(tilt, 90) } },
  'tilt zero off by 15': { calibration: { pan, tilt: offZero(tilt, -15) } },
  'calibrated as another robot': {
    calibration: { pan: offZero(pan, 30), tilt: mirrored(tilt) },
  },
};

const STARTS = [
  { pan: 6, tilt: -25.6 },
  { pan: -60, tilt: -25.6 },
  { pan: 120, tilt: 20 },
] as const;

/** A pupil connects and looks around. Returns the head's true motion and the reported state. */
async function lesson(mistake: Mistake, start: { pan: number; tilt: number }) {
  const clock = new SimClock();
  const geometry = {
    pan: { ...referenceGeometry.pan, startDeg: start.pan },
    tilt: { ...referenceGeometry.tilt, startDeg: start.tilt },
  };
  const world = new World({ clock, seed: 5, geometry });
  world.start();
  const body = openSimulatedBody({ world: new MemoryWorldPort(world), clock, logLine: () => {} });
  let powered = false;
  const seen: BodyHardware = {
    ...body,
    servos: {
      present: true,
      setPulses: (panUs, tiltUs) => {
        powered = true;
        return body.servos.setPulses(panUs, tiltUs);
      },
      release: () => {
        powered = false;
        return body.servos.release();
      },
    },
  };
  const firmware = new Firmware({
    hardware: mistake.wire?.(seen) ?? seen,
    board: deskmate1,
    calibration: mistake.calibration ?? referenceCalibration,
    clock,
    log: silentLog,
  });
  await firmware.start();
  const agent = new TestAgent(firmware, clock);
  agent.connect();
  let [panDeg, tiltDeg, tries] = [0, 0, 0];
  // One attempt: from torque on until the head has come to rest with torque off.
  let from = world.snapshot();
  let torqueOffMs = COAST_MS;
  for (let ms = 0; ms < LESSON_MS; ms += 10) {
    if (ms % 3_000 === 1_500)
      agent.send({ kind: 'look', pan: ms % 6_000 < 3_000 ? 40 : -30, tilt: 12 });
    await clock.advance(10);
    const now = world.snapshot();
    if (powered && torqueOffMs >= COAST_MS) tries += 1;
    torqueOffMs = powered ? 0 : torqueOffMs + 10;
    if (torqueOffMs >= COAST_MS) from = now;
    panDeg = Math.max(panDeg, Math.abs(now.pan.deg - from.pan.deg));
    tiltDeg = Math.max(tiltDeg, Math.abs(now.tilt.deg - from.tilt.deg));
  }
  const reported = `${agent.last.motion}: ${agent.last.faults}`;
  return { panDeg, tiltDeg, tries, reported };
}

describe('a miswired or wrongly calibrated head', () => {
  for (const [name, mistake] of Object.entries(MISTAKES))
    it(name, async () => {
      for (const start of STARTS) {
        const { panDeg, tiltDeg, tries, reported } = await lesson(mistake, start);
        expect.soft(panDeg, 'way of the pan axis').toBeLessThan(FARTHEST_DEG);
        expect.soft(tiltDeg, 'way of the tilt axis').toBeLessThan(FARTHEST_DEG);
        expect.soft(tries).toBeLessThanOrEqual(4);
        expect.soft(reported).toBe('off: miscalibrated');
      }
    });
});
