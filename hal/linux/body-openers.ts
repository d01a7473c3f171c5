import type { GpioWiring } from '../boards/wiring.ts';
import type { GpioChip } from '../bus/gpio.ts';
import type { I2cBus } from '../bus/i2c.ts';
import type { BatteryGauge, Button, Thermometer, Watchdog } from '../ports/body.ts';
import type { Clock } from '../ports/clock.ts';

/** How the parts of a body are reached. Tests and the virtual machine put others in their place. */
export interface BodyOpeners {
  i2c(bus: number, clock: Clock): Promise<I2cBus>;
  gpio(wiring: GpioWiring, clock: Clock): Promise<GpioChip>;
  socketButton(path: string, clock: Clock, say: (line: string) => void): Promise<Button>;
  battery(name: string, clock: Clock): Promise<BatteryGauge>;
  thermometer(type: string, clock: Clock): Promise<Thermometer>;
  watchdog(path: string, say: (line: string) => void): Promise<Watchdog>;
}

const SYS = '/sys';

/** The kernel's interfaces; the code of each is loaded by the first board that has it. */
export const linuxOpeners: BodyOpeners = {
  i2c: async (bus, clock) => (await import('./i2c/kernel-bus.ts')).openKernelI2c(bus, clock),
  gpio: async (wiring, clock) => (await import('./gpio/open-chip.ts')).openGpioChip(wiring, clock),
  socketButton: async (path, clock, say) =>
    (await import('./lines/socket-button.ts')).openSocketButton(path, clock, say),
  battery: async (name, clock) =>
    (await import('./kernel/power-supply.ts')).openBattery(name, SYS, clock),
  thermometer: async (type, clock) =>
    (await import('./kernel/thermal-zone.ts')).openThermometer(type, SYS, clock),
  watchdog: async (path, say) =>
    (await import('./kernel/watchdog-device.ts')).openWatchdog(path, { say }),
};
