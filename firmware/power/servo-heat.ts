/**
 * Temperature of a servo's motor, estimated: hobby servos have no sensor. One thermal mass, heated
 * by the electrical power it is likely to draw and cooled through the housing:
 *
 *   C dT/dt = P - (T - ambient) / R
 *
 * A hobby servo's current grows with the error it fights until its driver saturates, and with
 * speed against friction. The constants are those of a 20 kg cm metal-gear servo (5 W stalled, 60 g); they
 * err to the hot side.
 */
const HEAT_CAPACITY_J_PER_K = 24;
const RESISTANCE_K_PER_W = 18;
/** Inside a closed housing in a warm classroom. */
const AMBIENT_C = 30;
const IDLE_W = 0.15;
const WATT_PER_DEG_PER_S = 0.006;
/** Power at an error of SATURATION_DEG or more. */
const STALL_W = 5;
const SATURATION_DEG = 12;

export class ServoHeat {
  celsius = AMBIENT_C;

  /** `seconds` passed with the servo powered or limp, at this speed and distance from its command. */
  add(seconds: number, powered: boolean, degPerS: number, errorDeg: number): void {
    const watts = powered ? servoWatts(degPerS, errorDeg) : 0;
    const cooling = (this.celsius - AMBIENT_C) / RESISTANCE_K_PER_W;
    this.celsius += ((watts - cooling) / HEAT_CAPACITY_J_PER_K) * seconds;
  }
}

function servoWatts(degPerS: number, errorDeg: number): number {
  const effort = Math.min(1, Math.abs(errorDeg) / SATURATION_DEG);
  return IDLE_W + WATT_PER_DEG_PER_S * Math.abs(degPerS) + STALL_W * effort * effort;
}
