import { NONE, type Step } from '../safety/machine.ts';

/**
 * How hot the robot is, as far as anybody has to act on it. `warm`: quiet motion; `hot`: no motion;
 * `critical`: camera off and the computer stops before it is damaged.
 */
export interface HeatState {
  readonly name: 'good' | 'warm' | 'hot' | 'critical';
}

export interface HeatEvent {
  readonly type: 'reading';
  readonly computerC: number;
  readonly servoC: number;
}

export type HeatEffect = 'shutdown';

export const HEAT_START: HeatState = { name: 'good' };

const LEVELS = ['good', 'warm', 'hot', 'critical'] as const;
type Level = (typeof LEVELS)[number];

/** A level begins at its temperature (a Raspberry Pi throttles at 80-85 °C)... */
const COMPUTER_C: Record<Level, number> = {
  good: Number.NEGATIVE_INFINITY,
  warm: 72,
  hot: 80,
  critical: 88,
};
/** ...servos end at hot: limp, they cool, and the computer need not stop for them. */
const SERVO_C: Record<Level, number> = {
  good: Number.NEGATIVE_INFINITY,
  warm: 60,
  hot: 75,
  critical: Number.POSITIVE_INFINITY,
};
/** ...and ends this much below it. */
const HYSTERESIS_C = 5;

export const stepHeat: Step<HeatState, HeatEvent, HeatEffect> = (state, event) => {
  const name =
    LEVELS.findLast((level) => {
      const grace = LEVELS.indexOf(state.name) >= LEVELS.indexOf(level) ? HYSTERESIS_C : 0;
      const { computerC, servoC } = event;
      return computerC >= COMPUTER_C[level] - grace || servoC >= SERVO_C[level] - grace;
    }) ?? 'good';
  const shutdown = name === 'critical' && state.name !== 'critical';
  return { state: { name }, effects: shutdown ? ['shutdown'] : NONE };
};
