import type { BatteryGauge, BatteryReading, Thermometer, Watchdog } from '../../hal/ports/body.ts';
import { WATCHDOG_MS } from '../world/lines.ts';
import type { SimulatedBus } from './bus.ts';

/** From here on a plugged battery counts as full, as chargers call it. */
const FULL_PERCENT = 99.5;

export class SimulatedBattery implements BatteryGauge {
  readonly present = true;

  constructor(private readonly bus: SimulatedBus) {}

  async read(): Promise<BatteryReading> {
    const { percent, volts, charging } = this.bus.read('battery gauge (simulated)').battery;
    const plugged = percent >= FULL_PERCENT ? 'full' : 'charging';
    // The kernel gives whole percents and millivolts.
    return {
      percent: Math.round(percent),
      volts: Math.round(volts * 1000) / 1000,
      status: charging ? plugged : 'discharging',
    };
  }
}

export class SimulatedThermometer implements Thermometer {
  readonly present = true;

  constructor(private readonly bus: SimulatedBus) {}

  async readCelsius(): Promise<number> {
    return Math.round(this.bus.read('thermometer (simulated)').computerC * 1000) / 1000;
  }
}

export class SimulatedWatchdog implements Watchdog {
  readonly present = true;
  readonly timeoutMs = WATCHDOG_MS;

  constructor(private readonly bus: SimulatedBus) {}

  async kick(): Promise<void> {
    await this.bus.write('watchdog (simulated)', { kind: 'watchdog', armed: true });
  }

  async close(): Promise<void> {
    await this.bus.write('watchdog (simulated)', { kind: 'watchdog', armed: false });
  }
}
