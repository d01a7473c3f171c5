/** What the plant sees of the robot from outside of it. */
export interface Seen {
  /** Pulses on the servos' wires; null: none, the servo is limp. */
  readonly panUs: number | null;
  readonly tiltUs: number | null;
  /** Pulses that were judged, and those outside of the calibration's limits. */
  readonly judged: number;
  readonly outside: readonly string[];
  /** Where the head is. */
  readonly panDeg: number;
  readonly tiltDeg: number;
  /** Levels of the wires. */
  readonly cameraRail: boolean;
  readonly microphoneRail: boolean;
  readonly servosEnabled: boolean;
}
