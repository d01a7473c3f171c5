import type { KernelWiring } from '../../hal/boards/wiring.ts';
import type { BatteryReading, BodyHardware } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { Cadence } from '../cadence.ts';
import type { Body, FaultCode } from '../link/schema.ts';
import { Device } from '../safety/device.ts';
import { Machine } from '../safety/machine.ts';
import {
  LADDER_START,
  type LadderEffect,
  type LadderEvent,
  type LadderState,
  stepLadder,
} from './ladder.ts';
import { MainsGuess } from './mains-guess.ts';
import { askedByBattery, askedByHeat, depthOf, SHEDDING, type ShedName } from './shedding.ts';

/** Charge and heat change slowly. */
const READ_MS = 1_000;

type Ladder = Machine<LadderState, LadderEvent, LadderEffect>;

/** Reads battery and temperatures, and says what the robot has to give up for them. */
export class PowerWatch {
  private readonly battery: Ladder;
  private readonly heat: Ladder;
  private readonly gauge: Device<BatteryReading>;
  private readonly thermometer: Device<number>;
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
    this.gauge = new Device(
      'batteryGauge',
      clock,
      log,
      () => hardware.battery.read(),
      (reading) => this.takeBattery(reading),
    );
    this.thermometer = new Device(
      'thermometer',
      clock,
      log,
      () => hardware.thermometer.readCelsius(),
      (celsius) => this.takeHeat(celsius),
      // Servos are watched by their own estimate; it must not wait for a broken thermometer.
      () => this.takeHeat(this.computerC),
    );
  }

  tick(nowMs: number, servoC: number): void {
    this.servoC = servoC;
    if (!this.reads.due(nowMs)) return;
    this.gauge.start();
    this.thermometer.start();
  }

  /** Whether this step of the table is in force, and for which cause. Heat first: it passes. */
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
    if (this.gauge.degraded) add(this.gauge.code);
    if (this.thermometer.degraded) add(this.thermometer.code);
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
 * A lithium cell is cut off by its guard above the lowest, and full below the highest. What lies
 * outside was not measured: 0 is a gauge that does not know, others scale wrongly, or tell of one
 * cell where the board counts several. Nothing is given up for it.
 */
const CELL_V = { lowest: 2, highest: 4.6 } as const;

function voltsOfCell(volts: number): number | undefined {
  return volts >= CELL_V.lowest && volts <= CELL_V.highest ? volts : undefined;
}

const tenths = (value: number): number => Math.round(value * 10) / 10;
