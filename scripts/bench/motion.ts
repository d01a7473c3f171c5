/**
 * A turn of 90 degrees by the shipped firmware on the simulated body, in simulated time: from the
 * intent on the link until the head is at rest, servo, gears and friction included, and until the
 * command is; compared with the minimum time that the limits allow.
 */

import { Firmware } from '../../firmware/firmware.ts';
import { memoryPipe } from '../../firmware/link/pipe.ts';
import { NOTHING_DESIRED } from '../../firmware/link/schema.ts';
import type { MotionLimits } from '../../hal/boards/board.ts';
import { deskmate1 } from '../../hal/boards/deskmate1.ts';
import { median } from '../../hal/common/statistics.ts';
import { silentLog } from '../../hal/ports/log.ts';
import { openSimulatedBody } from '../../sim/body/open-body.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { referenceCalibration } from '../../sim/world/geometry.ts';
import { MemoryWorldPort } from '../../sim/world/memory-port.ts';
import { World } from '../../sim/world/world.ts';
import { type Bench, result } from './result.ts';

const TURNS: readonly [from: number, to: number][] = [
  [0, 90],
  [90, 0],
  [0, -90],
  [-90, 0],
  [-45, 45],
  [60, -30],
];
const SEEDS = [1, 2, 3];
const STEP_MS = 1;
const SETTLE_MS = 3_000;
/** A turn has ended when the head stays this near to its rest position: an encoder's resolution. */
const ARRIVED_DEG = 0.1;

export const motionBench: Bench = async ({ log }) => {
  const commanded: number[] = [];
  const arrived: number[] = [];
  for (const seed of SEEDS) {
    const robot = await Robot.wake(seed);
    for (const [from, to] of TURNS) {
      await robot.turn(from);
      const turn = await robot.turn(to);
      commanded.push(turn.commandedS);
      arrived.push(turn.arrivedS);
    }
    robot.stop();
  }
  const least = leastSeconds(90, deskmate1.pan.normal);
  log(`turn of 90 degrees: command ${median(commanded).toFixed(3)} s, least ${least.toFixed(3)} s`);
  const peers = { theoretical_minimum: [least] };
  return [
    result('turn_90deg', 's', arrived, peers),
    result('turn_90deg_command', 's', commanded, peers),
  ];
};

/** From rest to rest, reaching full speed: cruise, a ramp of speed and one of acceleration. */
function leastSeconds(deg: number, limits: MotionLimits): number {
  const { velocityDegPerS: v, accelerationDegPerS2: a, jerkDegPerS3: j } = limits;
  return deg / v + v / a + a / j;
}

/** Firmware on a simulated body with an agent that keeps it awake. */
class Robot {
  private seq = 0;

  private constructor(
    private readonly clock: SimClock,
    private readonly world: World,
    private readonly send: (intent: object) => void,
    private readonly motion: () => string,
  ) {}

  static async wake(seed: number): Promise<Robot> {
    const clock = new SimClock();
    const world = new World({ clock, seed });
    world.start();
    const port = new MemoryWorldPort(world);
    const hardware = openSimulatedBody({ world: port, clock, logLine: () => {}, seed });
    const calibration = referenceCalibration;
    const parts = { hardware, board: deskmate1, calibration, clock, log: silentLog };
    const firmware = new Firmware(parts);
    const [agent, end] = memoryPipe();
    let motion = '';
    agent.onLine((line) => {
      const message: { kind?: string; motion?: string } = JSON.parse(line ?? '{}');
      if (message.kind === 'body') motion = message.motion ?? '';
    });
    await firmware.start();
    firmware.attach(end);
    const robot = new Robot(
      clock,
      world,
      (intent) => agent.send(JSON.stringify({ ...intent, seq: robot.seq++ })),
      () => motion,
    );
    clock.every(50, () => robot.setDesired());
    await clock.advance(SETTLE_MS);
    return robot;
  }

  /**
   * Turns, waits until all is still, and says how long command and head took, in seconds; the
   * command to 20 ms, firmware's report period.
   */
  async turn(to: number): Promise<{ commandedS: number; arrivedS: number }> {
    const startMs = this.clock.now();
    this.send({ kind: 'look', pan: to, tilt: 0 });
    const track: { atMs: number; deg: number }[] = [];
    let commandedMs = startMs;
    while (this.clock.now() < startMs + SETTLE_MS) {
      await this.clock.advance(STEP_MS);
      const atMs = this.clock.now();
      if (this.motion() === 'moving') commandedMs = atMs;
      track.push({ atMs, deg: this.world.snapshot().pan.deg });
    }
    const end = track.at(-1)?.deg ?? Number.NaN;
    const lastAway = track.findLast(({ deg }) => Math.abs(deg - end) > ARRIVED_DEG);
    return {
      commandedS: (commandedMs - startMs) / 1_000,
      arrivedS: ((lastAway?.atMs ?? startMs) - startMs) / 1_000,
    };
  }

  stop(): void {
    this.world.stop();
  }

  private setDesired(): void {
    this.send({ kind: 'desired', desired: { ...NOTHING_DESIRED, presence: 'here' } });
  }
}
