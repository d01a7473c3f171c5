/*
 * Ports over devices that may be missing: each call reaches the device if it is open, and otherwise
 * retries opening it.
 */
import type { OutputLine } from '../../bus/gpio.ts';
import type { I2cBus } from '../../bus/i2c.ts';
import type {
  BatteryGauge,
  Button,
  ButtonChange,
  Switch,
  Thermometer,
  Watchdog,
} from '../../ports/body.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import type { Reopening } from './reopening.ts';

/** A button may get no calls, so a missing one is retried at this interval. */
const BUTTON_MS = 2_000;
/** Consecutive failed readings that are not noise. */
const FAILURES_TO_REOPEN = 3;
/** Reported until the watchdog's own is known: the usual value of single-board computers. */
const WATCHDOG_MS = 15_000;

export function reopeningBus(name: string, bus: Reopening<I2cBus>): I2cBus {
  return {
    name,
    writeBlock: async (address, register, bytes) =>
      (await bus.get()).writeBlock(address, register, bytes),
    readBlock: async (address, register, length) =>
      (await bus.get()).readBlock(address, register, length),
    writeByte: async (address, register, value) =>
      (await bus.get()).writeByte(address, register, value),
    readByte: async (address, register) => (await bus.get()).readByte(address, register),
    sendByte: async (address, command) => (await bus.get()).sendByte(address, command),
    recover: async () => (await bus.get()).recover(),
    close: () => bus.close(),
  };
}

export function reopeningOutput(line: Reopening<OutputLine>): OutputLine {
  return {
    set: async (on) => (await line.get()).set(on),
    get: async () => (await line.get()).get(),
    close: () => line.close(),
  };
}

export function reopeningSwitch(line: Reopening<Switch>): Switch {
  return {
    present: true,
    set: async (on) => (await line.get()).set(on),
    read: async () => (await line.get()).read(),
    close: () => line.close(),
  };
}

export function reopeningBattery(gauge: Reopening<BatteryGauge>): BatteryGauge {
  return {
    get present() {
      return gauge.now?.present ?? true;
    },
    read: async () => (await gauge.get()).read(),
  };
}

export function reopeningThermometer(zone: Reopening<Thermometer>): Thermometer {
  return {
    get present() {
      return zone.now?.present ?? true;
    },
    readCelsius: async () => (await zone.get()).readCelsius(),
  };
}

export function reopeningWatchdog(device: Reopening<Watchdog>): Watchdog {
  return {
    present: true,
    get timeoutMs() {
      return device.now?.timeoutMs ?? WATCHDOG_MS;
    },
    kick: async () => (await device.get()).kick(),
    close: () => device.close(),
  };
}

/** A button that notifies its listeners from when it is open. */
export class ReopeningButton implements Button {
  readonly present = true;
  private readonly listeners = new Set<(change: ButtonChange) => void>();
  private search: Timer | undefined;
  /** Consecutive. */
  private failures = 0;
  private closed = false;

  constructor(
    private readonly button: Reopening<Button>,
    private readonly clock: Clock,
  ) {
    this.await();
  }

  /** A button that keeps failing is reopened: its line may have been re-enumerated. */
  async read(): Promise<boolean> {
    const opened = await this.button.get();
    try {
      const down = await opened.read();
      this.failures = 0;
      return down;
    } catch (error) {
      this.failures += 1;
      if (this.failures >= FAILURES_TO_REOPEN && error instanceof HardwareFault) {
        this.failures = 0;
        void this.button.drop(opened, error).then(() => this.await());
      }
      throw error;
    }
  }

  onChange(listener: (change: ButtonChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.search?.cancel();
    this.listeners.clear();
    await this.button.close();
  }

  private await(): void {
    if (this.closed) return;
    this.search?.cancel();
    this.search = this.clock.every(BUTTON_MS, () => this.lookForIt());
    // Not on a call: opening may take longer than a call, and may be started by other devices.
    this.button.onOpen((opened) => {
      this.search?.cancel();
      opened.onChange((change) => {
        for (const listener of [...this.listeners]) listener(change);
      });
    });
    this.lookForIt();
  }

  /** The attempt itself logs why it failed. */
  private lookForIt(): void {
    this.button.get().catch(() => {});
  }
}
