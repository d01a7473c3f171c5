/** A board: the wiring of its devices and the motion limits of its head. Angles in degrees. */
export interface Board extends Wiring {
  readonly name: string;
  readonly pan: AxisBoard;
  readonly tilt: AxisBoard;
}

export interface AxisBoard {
  /** Soft limits; no command exceeds them. */
  readonly minDeg: number;
  readonly maxDeg: number;
  /** Position when asleep. */
  readonly restDeg: number;
  /** Position on waking. */
  readonly awakeDeg: number;
  readonly normal: MotionLimits;
  /** While the microphone is live: motor noise must not mask speech. */
  readonly quiet: MotionLimits;
}

export interface MotionLimits {
  readonly velocityDegPerS: number;
  readonly accelerationDegPerS2: number;
  readonly jerkDegPerS3: number;
}

/** Buses, lines and kernel devices of a board. `null`: the board has none. */
interface Wiring {
  readonly i2c: I2cWiring | null;
  readonly gpio: GpioWiring | null;
  readonly kernel: KernelWiring;
  readonly camera: CameraWiring | null;
  readonly sound: SoundWiring | null;
  /**
   * Teacher's button of a board without one, pressed by another process of the same user: the
   * absolute path of a Unix socket, in a folder accessible to firmware's user only
   * (hal/linux/lines/socket-button.ts). `null`: the button is the line of `gpio`, or absent.
   */
  readonly teacherButtonSocket: string | null;
}

/** 7-bit addresses on one bus. `null`: not fitted. */
export interface I2cWiring {
  /** N of /dev/i2c-N. */
  readonly bus: number;
  /** PCA9685 at 50 Hz: channel 0 pan, 1 tilt. Its OE pin is `servoEnable` of the GPIO lines. */
  readonly servos: number | null;
  /** PCA9685 at 1 kHz: channels 0-2 ring R G B, 3 hand light. */
  readonly lights: number | null;
  /** AS5600. */
  readonly panEncoder: number | null;
  /** AS5600L: same registers, other address. */
  readonly tiltEncoder: number | null;
  /** HT16K33, as seen by the class. */
  readonly leftEye: number | null;
  readonly rightEye: number | null;
}

export interface GpioWiring {
  /** `auto`: the character device where its library is installed, else sysfs. */
  readonly driver: 'auto' | 'characterDevice' | 'sysfs';
  /** A chip's name (`gpiochip0`) or label (`pinctrl-bcm2711`), as `gpiodetect` prints them. */
  readonly chip: string;
  readonly lines: GpioLines;
}

export interface GpioLines {
  readonly servoEnable: GpioLine | null;
  readonly cameraRail: GpioLine | null;
  readonly microphoneRail: GpioLine | null;
  readonly amplifier: GpioLine | null;
  readonly teacherButton: GpioLine | null;
  readonly pairButton: GpioLine | null;
}

export interface GpioLine {
  /** Line number within its chip. */
  readonly offset: number;
  /** Electrically low when the line is on (or the button is pressed). */
  readonly activeLow: boolean;
}

export interface KernelWiring {
  /**
   * Name below /sys/class/power_supply; `auto`: all batteries that power the computer, combined;
   * absent when none.
   */
  readonly battery: string | null;
  /**
   * `type` of a zone of /sys/class/thermal or `name` of a chip of /sys/class/hwmon; `auto`: the
   * processor's, else the best available; absent when none.
   */
  readonly thermalZone: string | null;
  /** The watchdog's device file. */
  readonly watchdog: string | null;
  /**
   * Number of cells in series; the voltage is then evaluated too. Packs of 4.2 V and 4.4 V per cell
   * cannot be distinguished by a reading. Implausible cell voltages are ignored. `null`: unknown,
   * only the percentage counts.
   */
  readonly batteryCells: number | null;
  /**
   * The last step of load shedding for an empty battery or a hot computer (docs/safety.md). A laptop
   * handles both itself: `quiet`, so no call ends and nothing is switched off.
   */
  readonly deepestShed: DeepestShed;
}

type DeepestShed = 'quiet' | 'motion' | 'camera' | 'computer';

export interface CameraWiring {
  readonly source: 'v4l2' | 'libcamera';
  /** Device file or libcamera name; `auto`: the first that captures. */
  readonly device: string;
  readonly lens: Lens;
}

/** As CameraIntrinsics of the media port, with square pixels and a centred optical axis. */
export interface Lens {
  readonly horizontalFovDeg: number;
  readonly k1: number;
  readonly k2: number;
}

export interface SoundWiring {
  readonly system: 'alsa' | 'pipewire';
  /** ALSA PCM or PipeWire node; `default`: the system's choice. */
  readonly input: string;
  readonly output: string;
  /**
   * Milliseconds from the playback time that the card reports for a sample until the microphone
   * picks it up: 0 where the card reports its whole delay; amplifiers and loudspeakers that buffer
   * (Bluetooth, televisions) do not report theirs. The echo canceller covers about 35 ms beyond it.
   * To find it, let the far end speak and listen for its own echo: the first value, in steps of 30,
   * at which the echo is gone.
   */
  readonly echoDelayMs: number;
}
