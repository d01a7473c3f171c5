/** What a simulated robot's body says: battery, heat and now and then a fault, by a seeded profile. */
import type { Body } from '../../firmware/link/schema.ts';
import { Random } from '../time/random.ts';
import type { DayPart } from './school-week.ts';

/** Percent an hour. */
const RATE: Readonly<Record<DayPart, number>> = { lesson: -14, atHand: -2, cupboard: 30 };
const FAULTS = ['panStall', 'eyes', 'thermometer', 'batteryGauge'];
/** Chance that a part of a day begins with a fault. */
const FAULT_CHANCE = 0.004;
const LOW = 15;

export class BodyProfile {
  private readonly random: Random;
  private percent: number;
  private fault: string | undefined;
  private seq = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
    this.percent = 60 + 40 * this.random.next();
  }

  /** After `hours` in `was`, and now in `part`. */
  step(was: DayPart, hours: number, part: DayPart): Body {
    this.percent = Math.min(100, Math.max(5, this.percent + RATE[was] * hours));
    if (was !== part)
      this.fault =
        this.random.next() < FAULT_CHANCE
          ? FAULTS[Math.floor(this.random.next() * FAULTS.length)]
          : undefined;
    return this.bodyIn(part);
  }

  private bodyIn(part: DayPart): Body {
    const warm = part === 'lesson' ? 14 : 0;
    const still = { deg: 0, targetDeg: 0, degPerS: 0 };
    return {
      ...{ kind: 'body', seq: this.seq++, atMs: 0, motion: 'rest', pan: still, tilt: still },
      ...{ paused: false, cameraOn: part === 'lesson', microphoneOn: part === 'lesson' },
      battery: {
        percent: this.percent,
        charging: part === 'cupboard',
        level: this.percent < LOW ? 'low' : 'good',
      },
      heat: { computerC: Math.round(38 + warm), servoC: Math.round(27 + warm / 2), level: 'good' },
      faults: this.fault === undefined ? [] : [this.fault],
    } as Body;
  }
}
