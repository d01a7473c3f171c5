import type { BatteryGauge, BatteryReading, Thermometer, Watchdog } from '../ports/body.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import { HardwareFault } from '../ports/fault.ts';

/** What the kernel offers besides buses and lines, in memory: battery, heat, watchdog. */
export class FakeKernel {
  charging = false;
  percent = 80;
  celsius = 45;
  /** The board was reset, as kicks stopped. */
  bitten = false;
  private reachable = true;
  private bite: Timer | undefined;
  private disarmed = false;

  constructor(
    private readonly clock: Clock,
    private readonly timeoutMs = 10_000,
  ) {}

  lose(): void {
    this.reachable = false;
  }

  restore(): void {
    this.reachable = true;
  }

  readonly battery: BatteryGauge = {
    present: true,
    read: async (): Promise<BatteryReading> => {
      this.reach('battery');
      return {
        percent: this.percent,
        volts: 7.4,
        status: this.charging ? 'charging' : 'discharging',
      };
    },
  };

  readonly thermometer: Thermometer = {
    present: true,
    readCelsius: async () => {
      this.reach('thermometer');
      return this.celsius;
    },
  };

  get watchdog(): Watchdog {
    const { timeoutMs } = this;
    return {
      present: true,
      timeoutMs,
      kick: async () => {
        this.reach('watchdog');
        if (this.disarmed) throw new HardwareFault('noAnswer', 'watchdog', 'it was closed');
        this.bite?.cancel();
        this.bite = this.clock.after(timeoutMs, () => {
          this.bitten = true;
        });
      },
      close: async () => {
        this.disarmed = true;
        this.bite?.cancel();
      },
    };
  }

  private reach(device: string): void {
    if (!this.reachable) throw new HardwareFault('noAnswer', device, 'the device is gone');
  }
}
