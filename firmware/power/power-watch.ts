import type { KernelWiring } from '../../hal/boards/board.ts';
import type { BatteryReading, BodyHardware } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { Cadence } from '../core/cadence.ts';
import { CallGuard } from '../core/call-guard.ts';
import { Machine, type MachineOf } from '../core/state-machine.ts';
import type { Body, FaultCode } from '../link/schema.ts';
import {
  askedByBattery,
  askedByHeat,
  depthOf,
  LADDER_START,
  SHEDDING,
  type ShedName,
  stepLadder,
} from './shedding.ts';

/** Charge and heat change slowly. */
const READ_MS = 1_000;

/** Reads battery and temperatures, and determines load shedding. */
export class PowerWatch {
  private readonly battery: MachineOf<typeof stepLadder>;
  private readonly heat: MachineOf<typeof stepLadder>;
  private readonly gauge: CallGuard<BatteryReading, FaultCode>;
  private readonly thermometer: CallGuard<number, FaultCode>;
  private readonly reads = new Cadence(READ_MS);
  private reading: BatteryReading = { percent: 100, volts: 0, status: 'unknown' };
  private readonly mains = new MainsGuess();
  private computerC = 25;
  private servoC = 25;

  constructor(
    hardware: BodyHardware,
    private readonly wiring: Pick<KernelWiring, 'batteryCells' | 'deepestShed'>,
    clock: Clock,
    log: Log,
    private readonly onShutdown: (why: 'battery' | 'heat') => void,
  ) {
    this.battery = new Machine('shed.battery', stepLadder, LADDER_START, log);
    this.heat = new Machine('shed.heat', stepLadder, LADDER_START, log);
    this.gauge = new CallGuard('batteryGauge', clock, log, {
      call: () => hardware.battery.read(),
      done: (reading) => this.takeBattery(reading),
    });
    this.thermometer = new CallGuard('thermometer', clock, log, {
      call: () => hardware.thermometer.readCelsius(),
      done: (celsius) => this.takeHeat(celsius),
      // The servos' estimated temperature must be handled even if the thermometer fails.
      failed: () => this.takeHeat(this.computerC),
    });
  }

  tick(nowMs: number, servoC: number): void {
    this.servoC = servoC;
    if (!this.reads.due(nowMs)) return;
    this.gauge.start();
    this.thermometer.start();
  }

  /** The cause for which this step is in force, if it is. Heat takes precedence: it passes. */
  sheds(name: ShedName): 'heat' | 'battery' | undefined {
    const depth = depthOf(name);
    if (this.heat.state.depth >= depth) return 'heat';
    return this.battery.state.depth >= depth ? 'battery' : undefined;
  }

  get batteryLevel(): Body['battery']['level'] {
    return SHEDDING[this.battery.state.depth - 1]?.battery ?? 'good';
  }

  get charging(): boolean {
    return this.reading.status === 'charging' || this.reading.status === 'full';
  }

  get heatLevel(): Body['heat']['level'] {
    return SHEDDING[this.heat.state.depth - 1]?.heat ?? 'good';
  }

  faults(add: (code: FaultCode) => void): void {
    this.gauge.faults(add);
    this.thermometer.faults(add);
  }

  report(): Pick<Body, 'battery' | 'heat'> {
    const percent = Math.min(100, Math.max(0, this.reading.percent));
    return {
      battery: { percent, charging: this.charging, level: this.batteryLevel },
      heat: {
        computerC: tenths(this.computerC),
        servoC: tenths(this.servoC),
        level: this.heatLevel,
      },
    };
  }

  private takeBattery(reading: BatteryReading): void {
    this.reading = reading;
    const { percent, volts } = reading;
    const { batteryCells, deepestShed } = this.wiring;
    const cellVolts = batteryCells === null ? undefined : voltsOfCell(volts / batteryCells);
    const asked = askedByBattery(percent, cellVolts, this.mains.powered(reading), deepestShed);
    if (this.battery.send({ type: 'reading', ...asked }).length > 0) this.onShutdown('battery');
  }

  private takeHeat(celsius: number): void {
    this.computerC = celsius;
    const asked = askedByHeat(celsius, this.servoC, this.wiring.deepestShed);
    if (this.heat.send({ type: 'reading', ...asked }).length > 0) this.onShutdown('heat');
  }
}

/**
 * Plausible range: a lithium cell's protection cuts off above `lowest`, and a full cell is below
 * `highest`. Values outside are not valid: 0 means unknown, other gauges scale wrongly or report
 * one cell of several. They cause no load shedding.
 */
const CELL_V = { lowest: 2, highest: 4.6 } as const;

function voltsOfCell(volts: number): number | undefined {
  return volts >= CELL_V.lowest && volts <= CELL_V.highest ? volts : undefined;
}

const tenths = (value: number): number => Math.round(value * 10) / 10;

/** Rounding and corrections of a gauge's estimate are less than this, percent. */
const FALL_PERCENT = 2;

/**
 * Guesses whether the robot is on mains. `unknown` is either a charger that holds a battery below
 * full ("Not charging") or a gauge without status: it counts as mains until the charge has fallen.
 */
export class MainsGuess {
  /** Highest charge since it was last reported on mains, or since the start, percent. */
  private highest = 0;

  powered({ percent, status }: BatteryReading): boolean {
    if (status === 'charging' || status === 'full') {
      this.highest = percent;
      return true;
    }
    this.highest = Math.max(this.highest, percent);
    return status === 'unknown' && this.highest - percent < FALL_PERCENT;
  }
}
