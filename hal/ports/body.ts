/**
 * The devices owned by firmware. Interfaces are small; units are in the names; every actuator can
 * be stopped. All methods reject only with a HardwareFault. A hardware call that the device has not
 * accepted within 20 ms rejects with kind `timeout`.
 *
 * "absent" drivers (hal/absent) are null objects for hardware that a board does not have: `present`
 * is false, writes succeed and do nothing, reads return the documented neutral value.
 */

/** The two hobby servos of the head behind one PWM chip (PCA9685, 50 Hz, output-enable line). */
export interface HeadServos {
  readonly present: boolean;
  /**
   * Sets both pulse widths in one transaction and enables the outputs. Microseconds, 500..2500;
   * out of range rejects with `badData` and changes nothing. The servo's own control loop follows
   * at its own speed. 0.25 us resolution or coarser (PCA9685 at 50 Hz: 4.88 us).
   */
  setPulses(panUs: number, tiltUs: number): Promise<void>;
  /** Stops both pulses (output enable off): the servos have no torque. Idempotent. */
  release(): Promise<void>;
}

/** An absolute magnetic angle sensor on an axis of the head (AS5600, AS5600L). */
export interface AngleEncoder {
  readonly present: boolean;
  read(): Promise<AngleReading>;
}

export interface AngleReading {
  /** Raw angle in degrees, 0 <= x < 360, in steps of 360/4096, before zero offset and direction. */
  readonly rawDeg: number;
  /** AS5600 STATUS register 0x0B: MD/ML/MH. `missing` makes the angle meaningless. */
  readonly magnet: 'ok' | 'weak' | 'strong' | 'missing';
}

/** Ring and hand light behind one PWM chip (PCA9685 at 1 kHz). Levels 0..1 of perceived brightness. */
export interface Lights {
  readonly present: boolean;
  /** Sets all four channels in one transaction. The driver applies gamma. Rejects outside 0..1. */
  set(levels: LightLevels): Promise<void>;
  off(): Promise<void>;
}

export interface LightLevels {
  readonly ring: readonly [red: number, green: number, blue: number];
  readonly hand: number;
}

/** Two 8x8 LED matrices (HT16K33). A row is a byte, bit 7 is the leftmost as a viewer sees it. */
export interface Eyes {
  readonly present: boolean;
  /** Eight rows per eye, top first, and brightness 0..15. Left and right as seen by the class. */
  show(left: Uint8Array, right: Uint8Array, brightness: number): Promise<void>;
  off(): Promise<void>;
}

/**
 * An output line: camera rail, microphone rail, speaker amplifier. Off when opened and off after
 * close. The white watch light is wired to the camera rail; no driver can separate them.
 */
export interface Switch {
  readonly present: boolean;
  set(on: boolean): Promise<void>;
  /** The line's state as the kernel (or simulator) reports it, not as last requested. */
  read(): Promise<boolean>;
  close(): Promise<void>;
}

/** A push button. The driver debounces (20 ms) and hides the polarity. */
export interface Button {
  readonly present: boolean;
  /** Calls `listener` on each debounced change. Returns a function that unsubscribes. */
  onChange(listener: (change: ButtonChange) => void): () => void;
  /**
   * Whether it is pressed now. Rejects when a press would go unnoticed: the line cannot be read, or
   * its edges are no longer reported. Callers that rely on the button must poll this several times a
   * second. Absent: `false`.
   */
  read(): Promise<boolean>;
  close(): Promise<void>;
}

export interface ButtonChange {
  readonly pressed: boolean;
  /** Monotonic milliseconds (Clock.now). */
  readonly atMs: number;
}

export interface BatteryGauge {
  readonly present: boolean;
  /** Absent driver (mains board): 100 %, `full`, 0 V. */
  read(): Promise<BatteryReading>;
}

export interface BatteryReading {
  /** 0..100 */
  readonly percent: number;
  readonly volts: number;
  readonly status: 'charging' | 'discharging' | 'full' | 'unknown';
}

export interface Thermometer {
  readonly present: boolean;
  /** Degrees Celsius of the computer, -40..150. Absent driver: 25. */
  readCelsius(): Promise<number>;
}

/** The hardware watchdog: once armed by the first kick, the board resets if kicks stop. */
export interface Watchdog {
  readonly present: boolean;
  /** Milliseconds without a kick after which the board resets. */
  readonly timeoutMs: number;
  kick(): Promise<void>;
  /** Disarms (magic close) for an orderly stop. */
  close(): Promise<void>;
}

/** All hardware that firmware uses. One object per board. */
export interface BodyHardware extends BodyDevices {
  /** Closes every driver in a safe state: torque off, rails off, lights off. */
  close(): Promise<void>;
}

export interface BodyDevices {
  readonly servos: HeadServos;
  readonly panEncoder: AngleEncoder;
  readonly tiltEncoder: AngleEncoder;
  readonly lights: Lights;
  readonly eyes: Eyes;
  readonly cameraRail: Switch;
  readonly microphoneRail: Switch;
  readonly amplifier: Switch;
  readonly teacherButton: Button;
  readonly pairButton: Button;
  readonly battery: BatteryGauge;
  readonly thermometer: Thermometer;
  readonly watchdog: Watchdog;
}

/** The calls that close a body: torque off, rails off, lights off, each independent of the others. */
export const closings = (body: BodyDevices): readonly Promise<void>[] => [
  body.servos.release(),
  body.cameraRail.close(),
  body.microphoneRail.close(),
  body.amplifier.close(),
  body.lights.off(),
  body.eyes.off(),
  body.teacherButton.close(),
  body.pairButton.close(),
  body.watchdog.close(),
];
