/** Observes the robot from outside in a lesson, and waits for conditions. */

import { StateMessage } from '../../../agent/wire/fleet.ts';
import { deskmate1 } from '../../../hal/boards/deskmate1.ts';
import { jsonOf } from '../../../hal/common/json.ts';
import { referenceCalibration } from '../../../sim/world/geometry.ts';
import { LINES } from '../guest/board.ts';
import type { Wires } from '../guest/inside.ts';
import type { Seen } from './plant.ts';
import type { Pupil } from './pupil.ts';
import type { Robot } from './robot.ts';
import type { Steps } from './steps.ts';

export interface ObserverParts {
  readonly steps: Steps;
  readonly wires: Wires;
  readonly robot: Robot;
  readonly pupil: Pupil;
}

/** Tolerance: a step of the servo chip and the control loop's remaining error. */
const NEAR_US = 12;
export const NEAR_DEG = 2;

export class Observer {
  /** The robot's messages on the broker. */
  private word: string | undefined;

  constructor(private readonly parts: ObserverParts) {}

  hearState(text: string): void {
    this.word = StateMessage.safeParse(jsonOf(text)).data?.state;
  }

  get life(): string | undefined {
    return this.word;
  }

  /** Rejects also when a process of the robot ends meanwhile. */
  until(limitS: number, what: string, holds: () => boolean): Promise<void> {
    const { steps, pupil, robot } = this.parts;
    return steps.until(
      limitS,
      () => {
        if (robot.deaths.length > 0) throw new Error(`a process ended: ${robot.deaths.join(', ')}`);
        return holds();
      },
      () =>
        `expected ${what}; the pupil is ${JSON.stringify(pupil.client.connection)}, the robot ` +
        `says ${this.life}, seen ${JSON.stringify(robot.seen)}`,
    );
  }

  railsAre(high: boolean): boolean {
    const { wires } = this.parts;
    return [LINES.cameraRail, LINES.microphoneRail].every((line) => wires.high(line) === high);
  }

  /** Pulses on the wires command these angles, and the head is there. */
  headIsAt(pan: number, tilt: number): boolean {
    const { panUs, tiltUs, panDeg, tiltDeg } = this.seen;
    return (
      near(panUs, pulse('pan', pan), NEAR_US) &&
      near(tiltUs, pulse('tilt', tilt), NEAR_US) &&
      near(panDeg, pan, NEAR_DEG) &&
      near(tiltDeg, tilt, NEAR_DEG)
    );
  }

  get asleep(): boolean {
    const { servosEnabled, tiltDeg } = this.seen;
    return !servosEnabled && near(tiltDeg, deskmate1.tilt.restDeg, 2 * NEAR_DEG);
  }

  get inClass(): boolean {
    return this.parts.pupil.client.connection.name === 'inClass';
  }

  get seen(): Seen {
    const { seen } = this.parts.robot;
    if (!seen) throw new Error('the plant says nothing');
    return seen;
  }
}

function pulse(axis: 'pan' | 'tilt', deg: number): number {
  const { zeroUs, usPerDeg } = referenceCalibration[axis];
  return zeroUs + usPerDeg * deg;
}

const near = (value: number | null, wanted: number, within: number): boolean =>
  value !== null && Math.abs(value - wanted) <= within;
