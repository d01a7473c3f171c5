import type { BatteryReading, BodyHardware } from '../../hal/ports/body.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { Cadence } from '../cadence.ts';
import type { Body, FaultCode } from '../link/schema.ts';
import { Device } from '../safety/device.ts';
import { Machine } from '../safety/machine.ts';
import {
  BATTERY_START,
  type BatteryEffect,
  type BatteryEvent,
  type BatteryState,
  stepBattery,
} from './battery.ts';
import { HEAT_START, type HeatEffect, type HeatEvent, type HeatState, stepHeat } from './heat.ts';

/** Charge and heat change slowly. */
const READ_MS = 1_000;

/** Reads battery and temperatures, and says once when the computer has to stop for them. */
export class PowerWatch {
  private readonly battery: Machine<BatteryState, BatteryEvent, BatteryEffect>;
  private readonly heat: Machine<HeatState, HeatEvent, HeatEffect>;
  private readonly gauge: Device<BatteryReading>;
  private readonly thermometer: Device<number>;
  private readonly reads = new Cadence(READ_MS);
  private reading: BatteryReading = { percent: 100, volts: 0, status: 'unknown' };
  private computerC = 25;
  private servoC = 25;

  constructor(
    hardware: BodyHardware,
    clock: Clock,
    log: Log,
    private readonly onShutdown: (why: 'battery' | 'heat') => void,
  ) {
    this.battery = new Machine('battery', stepBattery, BATTERY_START, log);
    this.heat = new Machine('heat', stepHeat, HEAT_START, log);
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
    );
  }

  tick(nowMs: number, servoC: number): void {
    this.servoC = servoC;
    if (!this.reads.due(nowMs)) return;
    this.gauge.start();
    this.thermometer.start();
  }

  get batteryLevel(): BatteryState['name'] {
    return this.battery.state.name;
  }

  get charging(): boolean {
    return this.reading.status === 'charging' || this.reading.status === 'full';
  }

  get heatLevel(): HeatState['name'] {
    return this.heat.state.name;
  }

  faults(add: (code: FaultCode) => void): void {
    if (this.gauge.degraded) add('batteryGauge');
    if (this.thermometer.degraded) add('thermometer');
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
    const { percent, status } = reading;
    if (this.battery.send({ type: 'reading', percent, status }).length > 0)
      this.onShutdown('battery');
  }

  private takeHeat(celsius: number): void {
    this.computerC = celsius;
    const { computerC, servoC } = this;
    if (this.heat.send({ type: 'reading', computerC, servoC }).length > 0) this.onShutdown('heat');
  }
}

const tenths = (value: number): number => Math.round(value * 10) / 10;
