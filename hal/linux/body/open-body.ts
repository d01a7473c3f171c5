import { openAbsentBody } from '../../absent/body.ts';
import type { GpioLines, GpioWiring, I2cWiring } from '../../boards/board.ts';
import type { GpioChip, OutputLine } from '../../bus/gpio.ts';
import type { I2cBus } from '../../bus/i2c.ts';
import type {
  BatteryGauge,
  BodyHardware,
  Button,
  Switch,
  Thermometer,
  Watchdog,
} from '../../ports/body.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DriverContext } from '../../ports/drivers.ts';
import { As5600 } from '../i2c/as5600.ts';
import { type BusCounts, BusGuard } from '../i2c/guard.ts';
import { LinuxHeadServos } from '../i2c/head-servos.ts';
import { MatrixEyes } from '../i2c/matrix-eyes.ts';
import { PcaLights } from '../i2c/pca-lights.ts';
import { openButton } from '../lines/button.ts';
import { openSwitch } from '../lines/switch.ts';
import { OpenDevices } from './open-devices.ts';
import {
  ReopeningButton,
  reopeningBattery,
  reopeningBus,
  reopeningOutput,
  reopeningSwitch,
  reopeningThermometer,
  reopeningWatchdog,
} from './reopening-devices.ts';

/** Factories of a body's parts, replaced in tests and in the VM. */
export interface BodyOpeners {
  i2c(bus: number, clock: Clock): Promise<I2cBus>;
  gpio(wiring: GpioWiring, clock: Clock): Promise<GpioChip>;
  socketButton(path: string, clock: Clock, logLine: (line: string) => void): Promise<Button>;
  battery(name: string, clock: Clock): Promise<BatteryGauge>;
  thermometer(type: string, clock: Clock): Promise<Thermometer>;
  watchdog(path: string, logLine: (line: string) => void): Promise<Watchdog>;
}

const SYS = '/sys';

/** The kernel's interfaces; the code of each is loaded by the first board that has it. */
const linuxOpeners: BodyOpeners = {
  i2c: async (bus, clock) => (await import('../i2c/kernel-bus.ts')).openKernelI2c(bus, clock),
  gpio: async (wiring, clock) => (await import('../gpio/open-chip.ts')).openGpioChip(wiring, clock),
  socketButton: async (path, clock, logLine) =>
    (await import('../lines/socket-button.ts')).openSocketButton(path, clock, logLine),
  battery: async (name, clock) =>
    (await import('../kernel/power-supply.ts')).openBattery(name, SYS, clock),
  thermometer: async (type, clock) =>
    (await import('../kernel/thermal-zone.ts')).openThermometer(type, SYS, clock),
  watchdog: async (path, logLine) =>
    (await import('../kernel/watchdog-device.ts')).openWatchdog(path, { logLine }),
};

export interface LinuxBody extends BodyHardware {
  /** Statistics of the I2C bus; undefined: the board has none. */
  readonly busCounts: BusCounts | undefined;
}

/**
 * The body of a board on Linux. Rails, torque and lights are off at the start. A device that cannot
 * be opened is logged in one line, rejects its calls, and is retried by them; nothing is thrown.
 */
export async function openLinuxBody(
  context: DriverContext,
  openers: Partial<BodyOpeners> = {},
): Promise<LinuxBody> {
  const devices = new OpenDevices(context);
  const body = new BodyParts(context, { ...linuxOpeners, ...openers }, devices).build();
  await devices.started();
  return body;
}

type ChipDevices = Pick<BodyHardware, 'servos' | 'panEncoder' | 'tiltEncoder' | 'lights' | 'eyes'>;

/** Makes each device of a board, or its absent one. */
class BodyParts {
  private readonly absent = openAbsentBody();
  private readonly gpio: (() => Promise<GpioChip>) | undefined;
  private guard: BusGuard | undefined;

  constructor(
    private readonly context: DriverContext,
    private readonly openers: BodyOpeners,
    private readonly devices: OpenDevices,
  ) {
    const { gpio } = context.board;
    if (!gpio) return;
    const chip = devices.root(`GPIO chip ${gpio.chip}`, () => openers.gpio(gpio, context.clock));
    this.gpio = () => chip.get();
  }

  build(): LinuxBody {
    const { i2c } = this.context.board;
    const parts = {
      ...(i2c ? this.chips(i2c) : this.absent),
      cameraRail: this.switch('cameraRail', 'camera rail'),
      microphoneRail: this.switch('microphoneRail', 'microphone rail'),
      amplifier: this.switch('amplifier', 'amplifier'),
      teacherButton: this.socketButton() ?? this.button('teacherButton', 'teacher button'),
      pairButton: this.button('pairButton', 'pair button'),
      ...this.kernelDevices(),
    };
    const { guard, devices } = this;
    return {
      ...parts,
      get busCounts() {
        return guard?.counts;
      },
      close: () => devices.close(parts, guard?.counts),
    };
  }

  private chips(wiring: I2cWiring): ChipDevices {
    const { clock, logLine } = this.context;
    const { absent, devices } = this;
    const name = `/dev/i2c-${wiring.bus}`;
    const kernel = devices.root(name, () => this.openers.i2c(wiring.bus, clock));
    const bus = new BusGuard(reopeningBus(name, kernel), clock, {
      urgent: fitted(wiring.servos, wiring.panEncoder, wiring.tiltEncoder),
      nameOf: (address) => chipName(wiring, address),
      logLine,
    });
    this.guard = bus;
    const { servos, lights, leftEye: left, rightEye: right } = wiring;
    const encoder = (address: number | null) =>
      address === null ? undefined : devices.firstRead(new As5600(bus, address), kernel);
    return {
      servos:
        servos === null
          ? absent.servos
          : devices.firstOff(
              new LinuxHeadServos({ bus, address: servos, clock, enable: this.servoEnable() }),
              (made) => made.makeReady(),
              kernel,
            ),
      panEncoder: encoder(wiring.panEncoder) ?? absent.panEncoder,
      tiltEncoder: encoder(wiring.tiltEncoder) ?? absent.tiltEncoder,
      lights:
        lights === null
          ? absent.lights
          : devices.firstOff(new PcaLights(bus, lights, clock), (made) => made.off(), kernel),
      eyes:
        left === null && right === null
          ? absent.eyes
          : devices.firstOff(
              new MatrixEyes({ bus, clock, left, right }),
              (made) => made.off(),
              kernel,
            ),
    };
  }

  private servoEnable(): OutputLine | undefined {
    const { gpio } = this;
    const line = this.context.board.gpio?.lines.servoEnable;
    if (!gpio || !line) return undefined;
    const { offset, activeLow } = line;
    const consumer = 'servo enable';
    const device = this.devices.leaf(`${consumer} line`, async () =>
      (await gpio()).output(offset, { activeLow, consumer }),
    );
    return reopeningOutput(device);
  }

  private switch(name: keyof GpioLines & LineName, consumer: string): Switch {
    const { gpio } = this;
    const line = this.context.board.gpio?.lines[name];
    if (!gpio || !line) return this.absent[name];
    return reopeningSwitch(
      this.devices.leaf(`${consumer} line`, async () => openSwitch(await gpio(), line, consumer)),
    );
  }

  private button(name: 'teacherButton' | 'pairButton', consumer: string): Button {
    const { gpio } = this;
    const { clock, board } = this.context;
    const line = board.gpio?.lines[name];
    if (!gpio || !line) return this.absent[name];
    const device = this.devices.leaf(`${consumer} line`, async () =>
      openButton(await gpio(), line, consumer, clock),
    );
    return new ReopeningButton(device, clock);
  }

  private socketButton(): Button | undefined {
    const { clock, board, logLine } = this.context;
    const path = board.teacherButtonSocket;
    if (path === null) return undefined;
    const open = () => this.openers.socketButton(path, clock, logLine);
    return new ReopeningButton(this.devices.leaf('teacher button socket', open), clock);
  }

  private kernelDevices(): Pick<BodyHardware, 'battery' | 'thermometer' | 'watchdog'> {
    const { absent, devices, openers } = this;
    const { board, clock, logLine } = this.context;
    const { battery, thermalZone, watchdog } = board.kernel;
    const nothing = async (): Promise<void> => {};
    return {
      battery:
        battery === null
          ? absent.battery
          : reopeningBattery(
              devices.root(`battery ${battery}`, () => openers.battery(battery, clock), nothing),
            ),
      thermometer:
        thermalZone === null
          ? absent.thermometer
          : reopeningThermometer(
              devices.root(
                `thermal zone ${thermalZone}`,
                () => openers.thermometer(thermalZone, clock),
                nothing,
              ),
            ),
      watchdog:
        watchdog === null
          ? absent.watchdog
          : reopeningWatchdog(
              devices.root(`watchdog ${watchdog}`, () => openers.watchdog(watchdog, logLine)),
            ),
    };
  }
}

type LineName = 'cameraRail' | 'microphoneRail' | 'amplifier';

const fitted = (...addresses: (number | null)[]): number[] =>
  addresses.filter((address) => address !== null);

/** Names of chips for people: function and type. */
const CHIPS = {
  servos: 'servo driver (PCA9685)',
  lights: 'light driver (PCA9685)',
  panEncoder: 'pan encoder (AS5600)',
  tiltEncoder: 'tilt encoder (AS5600L)',
  leftEye: 'left eye (HT16K33)',
  rightEye: 'right eye (HT16K33)',
} as const;

function chipName(wiring: I2cWiring, address: number): string {
  const at = `at I2C 0x${address.toString(16)}`;
  for (const [part, name] of Object.entries(CHIPS))
    if (wiring[part as keyof typeof CHIPS] === address) return name.replace(')', ` ${at})`);
  return `chip ${at}`;
}
