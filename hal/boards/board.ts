/** A board says how its devices are reached and what its head may do. Angles in degrees. */
export interface Board extends Wiring {
  readonly name: string;
  readonly pan: AxisBoard;
  readonly tilt: AxisBoard;
}

export interface AxisBoard {
  /** Soft limits; no command of any kind passes them. */
  readonly minDeg: number;
  readonly maxDeg: number;
  /** Where the head goes to sleep. */
  readonly restDeg: number;
  /** Where the head wakes to. */
  readonly awakeDeg: number;
  readonly normal: MotionLimits;
  /** While the microphone is live: motors must not drown speech. */
  readonly quiet: MotionLimits;
}

export interface MotionLimits {
  readonly velocityDegPerS: number;
  readonly accelerationDegPerS2: number;
  readonly jerkDegPerS3: number;
}

/** How the chips, lines and kernel devices of a board are reached. `null`: the board has none. */
interface Wiring {
  readonly i2c: I2cWiring | null;
  readonly gpio: GpioWiring | null;
  readonly kernel: KernelWiring;
  readonly camera: CameraWiring | null;
  readonly sound: SoundWiring | null;
  /**
   * Where another process of this user presses the teacher's button of a board that has none: the
   * absolute path of a Unix socket, in a folder of firmware's user alone
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
  /** The wire is low when the line is on (or the button is pressed). */
  readonly activeLow: boolean;
}

export interface KernelWiring {
  /**
   * Name below /sys/class/power_supply; `auto`: all that power the computer, taken together, absent
   * when none.
   */
  readonly battery: string | null;
  /**
   * `type` of a zone of /sys/class/thermal or `name` of a chip of /sys/class/hwmon; `auto`: the
   * processor's, or the best that there is; absent when none.
   */
  readonly thermalZone: string | null;
  /** The watchdog's device file. */
  readonly watchdog: string | null;
  /**
   * Cells in series of the battery, whose volts are then judged too; packs of 4.2 V and of 4.4 V a
   * cell cannot be told apart by a reading. Volts that no such cell has are not counted. `null`: not
   * known, its percentage alone counts.
   */
  readonly batteryCells: number | null;
  /**
   * The last step of what is given up for an empty battery or a hot computer (docs/safety.md). A
   * laptop looks after both itself: `quiet`, so no call ends and nothing is switched off for them.
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

/** As CameraIntrinsics of the media port, with square pixels and the axis in the middle. */
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
   * Milliseconds from when a sample that was handed to the card is played, as the card says, until
   * the microphone hears it: 0 where the card tells all of its delay; amplifiers and loudspeakers
   * that buffer (over Bluetooth, through a television) tell nothing of theirs. The echo canceller
   * covers about 35 ms beyond it. To find it, let the far end speak and listen to its own voice
   * coming back: in steps of 30, the first with which it is gone.
   */
  readonly echoDelayMs: number;
}
