import { expect } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { boundPupil, RawPupil } from './raw-pupil.ts';
import { TapBroker } from './tap-broker.ts';
import { TestRobot } from './test-robot.ts';

/** A robot on a broker that a test can manipulate as its operator could, with a simulated clock. */
export class RobotBench {
  private constructor(
    readonly clock: SimClock,
    readonly broker: TapBroker,
    public robot: TestRobot,
  ) {}

  static async start(): Promise<RobotBench> {
    const clock = new SimClock();
    const broker = new TapBroker();
    return new RobotBench(clock, broker, await TestRobot.start(broker, { clock }));
  }

  readonly wall = (): number => this.clock.wall();

  /** An unbound device. */
  stranger(as?: { peer: string }): Promise<RawPupil> {
    return RawPupil.at(this.broker, this.wall, as);
  }

  /** A bound pupil's device. */
  pupil(): Promise<RawPupil> {
    return boundPupil(this.robot, this.broker, this.wall);
  }

  /** Checks, after an attack, that the pupil still gets in. */
  async expectStillGetsIn(pupil: RawPupil): Promise<void> {
    await this.clock.advance(60_000);
    const offers = this.robot.session.offers.length;
    expect(await pupil.offer(), 'the honest pupil still gets in').toBe('answer');
    expect(this.robot.session.offers.length).toBe(offers + 1);
  }
}

/** With an honest pupil, who must still get in after an attack. */
export type AttackedBench = RobotBench & { readonly honest: RawPupil };

export async function underAttack(): Promise<AttackedBench> {
  const bench = await RobotBench.start();
  return Object.assign(bench, { honest: await bench.pupil() });
}
