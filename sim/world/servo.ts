/**
 * A hobby servo with the head on it. Torques are written as the acceleration that they would give
 * the axis (degrees per second squared), so that no inertia is needed.
 *
 * gear: the servo's output, where its own position sensor sits. head: the axis behind the gears'
 * play, where the encoder and the camera sit.
 */
export interface ServoParams {
  /** Top speed of the motor at the axis. */
  readonly maxDegPerS: number;
  /** Stall torque. */
  readonly maxDegPerS2: number;
  /** Time constant of the servo's inner position loop, milliseconds. */
  readonly loopMs: number;
  /** Whole width of the band around the commanded angle in which the motor does nothing. */
  readonly deadBandDeg: number;
  /** Friction at rest, and while it turns. */
  readonly staticDegPerS2: number;
  readonly kineticDegPerS2: number;
  /** Friction that grows with speed, 1/s: under power, and without torque (the gear train brakes itself). */
  readonly viscousPerS: number;
  readonly freeViscousPerS: number;
  /** Whole play of the gears. */
  readonly backlashDeg: number;
  /** Weight of the head at level, pulling down; 0 for pan. */
  readonly gravityDegPerS2: number;
  readonly minDeg: number;
  readonly maxDeg: number;
}

export interface ServoState {
  readonly gearDeg: number;
  readonly gearDegPerS: number;
  readonly headDeg: number;
  readonly headDegPerS: number;
  /** Share of the stall torque in use, 0..1, mean of the last step: what heats and drains. */
  readonly effort: number;
}

export interface ServoInput {
  /** Commanded angle; undefined when there are no pulses and the servo has no torque. */
  readonly targetDeg: number | undefined;
  /** The head is jammed: it cannot move at all. */
  readonly jammed: boolean;
  /** Where a hand holds the head; stronger than the servo. */
  readonly handDeg: number | undefined;
}

/** A hand turns a head no faster than this. */
const HAND_DEG_PER_S = 120;
/** Speed loop inside the servo. */
const SPEED_LOOP_S = 0.003;
/** Braking is planned with some torque in reserve. */
const BRAKE_SHARE = 0.8;
/** How fast the head falls through the gears' play. */
const FALL_DEG_PER_S = 20;
const SUBSTEP_S = 0.001;

export function servoAt(deg: number): ServoState {
  return { gearDeg: deg, gearDegPerS: 0, headDeg: deg, headDegPerS: 0, effort: 0 };
}

/** Moves the servo on by `dtS` seconds, in substeps short enough for its inner loop. */
export function stepServo(
  state: ServoState,
  input: ServoInput,
  params: ServoParams,
  dtS: number,
): ServoState {
  const substeps = Math.max(1, Math.round(dtS / SUBSTEP_S));
  const substepS = dtS / substeps;
  let { gearDeg, gearDegPerS, headDeg } = state;
  let effort = 0;
  for (let i = 0; i < substeps; i++) {
    const motor = motorTorque(gearDeg, gearDegPerS, input.targetDeg, params);
    effort += Math.abs(motor) / params.maxDegPerS2 / substeps;
    gearDegPerS = gearSpeed(gearDeg, gearDegPerS, motor, input, params, substepS);
    const free = gearDeg + gearDegPerS * substepS;
    headDeg = moveHead(headDeg, free, input, params, substepS);
    const meshed = clamp(free, headDeg - params.backlashDeg / 2, headDeg + params.backlashDeg / 2);
    // The gear ran into a head that could not follow (a jam, a hand, a stop), rounding aside.
    const blocked = Math.abs(meshed - free) > 1e-9;
    gearDeg = blocked ? meshed : free;
    if (blocked) gearDegPerS = 0;
  }
  const headDegPerS = (headDeg - state.headDeg) / dtS;
  return { gearDeg, gearDegPerS, headDeg, headDegPerS, effort };
}

/** The inner loop: position error to speed, no faster than it can brake, speed error to torque. */
function motorTorque(
  gearDeg: number,
  gearDegPerS: number,
  targetDeg: number | undefined,
  params: ServoParams,
): number {
  if (targetDeg === undefined) return 0;
  const error = targetDeg - gearDeg;
  const beyond = Math.max(0, Math.abs(error) - params.deadBandDeg / 2);
  const wanted =
    Math.sign(error) *
    Math.min(
      params.maxDegPerS,
      (beyond * 1000) / params.loopMs,
      Math.sqrt(2 * BRAKE_SHARE * params.maxDegPerS2 * beyond),
    );
  const torque = (wanted - gearDegPerS) / SPEED_LOOP_S;
  return clamp(torque, -params.maxDegPerS2, params.maxDegPerS2);
}

/** The gear's next speed: motor and weight drive, friction brakes and never turns it around. */
function gearSpeed(
  gearDeg: number,
  gearDegPerS: number,
  motor: number,
  input: ServoInput,
  params: ServoParams,
  dtS: number,
): number {
  const weight = -params.gravityDegPerS2 * Math.cos((gearDeg * Math.PI) / 180);
  const free = gearDegPerS + (motor + weight) * dtS;
  const rest = gearDegPerS === 0 ? params.staticDegPerS2 : params.kineticDegPerS2;
  const viscous = input.targetDeg === undefined ? params.freeViscousPerS : params.viscousPerS;
  const brake = (rest + viscous * Math.abs(free)) * dtS;
  return Math.sign(free) * Math.max(0, Math.abs(free) - brake);
}

/** The head lies in the play of the gear until the gear, a hand or its own weight moves it. */
function moveHead(
  headDeg: number,
  gearDeg: number,
  input: ServoInput,
  params: ServoParams,
  dtS: number,
): number {
  if (input.jammed) return headDeg;
  if (input.handDeg !== undefined) {
    const reach = HAND_DEG_PER_S * dtS;
    const moved = headDeg + clamp(input.handDeg - headDeg, -reach, reach);
    return clamp(moved, params.minDeg, params.maxDeg);
  }
  const play = params.backlashDeg / 2;
  const fallen = params.gravityDegPerS2 > 0 ? headDeg - FALL_DEG_PER_S * dtS : headDeg;
  return clamp(clamp(fallen, gearDeg - play, gearDeg + play), params.minDeg, params.maxDeg);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
