/**
 * Temperature of a servo's motor, estimated: hobby servos have no sensor. One thermal mass, heated
 * by the electrical power it is likely to draw and cooled through the housing:
 *
 *   C dT/dt = P - (T - ambient) / R
 *
 * A hobby servo's current grows with the following error until its driver saturates, and with speed
 * because of friction. The constants are those of a 20 kg cm metal-gear servo (5 W stalled, 60 g)
 * and overestimate the temperature.
 */
const SERVO = {
  heatCapacityJPerK: 24,
  resistanceKPerW: 18,
  idleW: 0.15,
  wattPerDegPerS: 0.006,
  /** Power at an error of `saturationDeg` or more. */
  stallW: 5,
  saturationDeg: 12,
} as const;
/** Inside a closed housing in a warm classroom. */
const AMBIENT_C = 30;

export class ServoHeat {
  celsius = AMBIENT_C;

  /** Integrates over `seconds` at this speed and following error; `powered`: torque on. */
  add(seconds: number, powered: boolean, degPerS: number, errorDeg: number): void {
    const watts = powered ? servoWatts(degPerS, errorDeg) : 0;
    const cooling = (this.celsius - AMBIENT_C) / SERVO.resistanceKPerW;
    this.celsius += ((watts - cooling) / SERVO.heatCapacityJPerK) * seconds;
  }
}

function servoWatts(degPerS: number, errorDeg: number): number {
  const effort = Math.min(1, Math.abs(errorDeg) / SERVO.saturationDeg);
  return SERVO.idleW + SERVO.wattPerDegPerS * Math.abs(degPerS) + SERVO.stallW * effort * effort;
}
