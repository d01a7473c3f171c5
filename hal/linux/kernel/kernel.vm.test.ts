import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import {
  batteryGaugeContract,
  thermometerContract,
  watchdogContract,
} from '../../contract/power.ts';
import { delay } from '../../ports/clock.ts';
import { SystemClock } from '../time/system-clock.ts';
import { openBattery } from './power-supply.ts';
import { openThermometer } from './thermal-zone.ts';
import { openWatchdog } from './watchdog-device.ts';

const clock = new SystemClock();
const time = { now: () => clock.now(), pass: (ms: number) => delay(clock, ms) };

/** The kernel's own battery for tests (drivers/power/supply/test_power.c). */
const TEST_BATTERY = '/sys/module/test_power/parameters';
const SOFTDOG = '/sys/module/softdog';
const BITE = 'softdog: Triggered - Reboot ignored';

describe.skipIf(!existsSync(TEST_BATTERY))('test_power', () => {
  const charge = (word: string): void => writeFileSync(`${TEST_BATTERY}/battery_status`, word);

  batteryGaugeContract('power_supply, test_power', async () => {
    // It comes with 3300 microvolts.
    writeFileSync(`${TEST_BATTERY}/battery_voltage`, '7400000');
    return {
      ...time,
      battery: await openBattery('auto'),
      charger: async (plugged) => charge(plugged ? 'charging' : 'discharging'),
      close: async () => charge('discharging'),
    };
  });

  it('follows what the kernel says', async () => {
    const battery = await openBattery('test_battery');
    for (const percent of [5, 50, 100]) {
      writeFileSync(`${TEST_BATTERY}/battery_capacity`, `${percent}`);
      expect(await battery.read()).toMatchObject({ percent, status: 'discharging' });
    }
    writeFileSync(`${TEST_BATTERY}/battery_present`, 'false');
    await expect(battery.read()).rejects.toMatchObject({ kind: 'noAnswer' });
    writeFileSync(`${TEST_BATTERY}/battery_present`, 'true');
    await battery.read();
  });
});

thermometerContract('thermal zone of this machine', async () => ({
  ...time,
  thermometer: await openThermometer('auto'),
  close: async () => {},
}));

/** What the kernel has said since it started. */
const kernelLog = (): string => execFileSync('dmesg', { encoding: 'utf8' });
const bites = (): number => kernelLog().split(BITE).length - 1;

/** It only says that it would have reset the machine. */
const HARMLESS = ['soft_noboot=1', 'soft_margin=1'];

function softdog(...parameters: string[]): void {
  if (existsSync(SOFTDOG)) execFileSync('modprobe', ['-r', 'softdog']);
  execFileSync('modprobe', ['softdog', ...parameters]);
}

describe.skipIf(!existsSync(SOFTDOG))('softdog', () => {
  afterAll(() => softdog(...HARMLESS));

  watchdogContract('softdog', async () => {
    // Twice as patient: asking the log takes an emulated processor half a second.
    softdog('soft_noboot=1', 'soft_margin=2');
    const before = bites();
    const watchdog = await openWatchdog('/dev/watchdog0');
    return {
      ...time,
      watchdog,
      bitten: () => bites() > before,
      close: () => watchdog.close(),
    };
  });

  it('is held by one program at a time, and says so', async () => {
    softdog('soft_noboot=1', 'soft_margin=5');
    const [one, two] = [await openWatchdog('/dev/watchdog0'), await openWatchdog('/dev/watchdog')];
    expect(two.timeoutMs).toBe(5_000);
    await one.kick();
    await expect(two.kick()).rejects.toMatchObject({
      kind: 'busy',
      message: expect.stringContaining('RuntimeWatchdogSec'),
    });
    await one.close();
    await two.kick();
    await two.close();
  });

  it('is not armed by looking at it, and is idle after close', async () => {
    const state = (): string => readFileSync('/sys/class/watchdog/watchdog0/state', 'utf8').trim();
    const watchdog = await openWatchdog('/dev/watchdog0');
    expect(state()).toBe('inactive');
    await watchdog.kick();
    expect(state()).toBe('active');
    await watchdog.close();
    expect(state()).toBe('inactive');
  });
});
