import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { batteryGaugeContract, thermometerContract } from '../../contract/power.ts';
import { delay } from '../../ports/clock.ts';
import { HardwareFault } from '../../ports/fault.ts';
import { SystemClock } from '../time/system-clock.ts';
import { openBattery as openBatteryWith } from './power-supply.ts';
import { Patience } from './sysfs.ts';
import { FakeSys, PatientClock } from './testing/fake-sys.ts';
import { openThermometer as openThermometerWith } from './thermal-zone.ts';

const clock = new SystemClock();

const openBattery = (name: string, root: string) => openBatteryWith(name, root, new PatientClock());
const openThermometer = (type: string, root: string) =>
  openThermometerWith(type, root, new PatientClock());

const BATTERY = {
  type: 'Battery',
  status: 'Discharging',
  capacity: 73,
  voltage_now: 7_400_000,
};

batteryGaugeContract('power_supply, in a folder', async () => {
  const sys = new FakeSys();
  sys.put('power_supply/BAT0', BATTERY);
  return {
    ...sys.bench('power_supply/BAT0'),
    battery: await openBattery('auto', sys.root),
    charger: async (plugged) =>
      sys.put('power_supply/BAT0', { status: plugged ? 'Charging' : 'Discharging' }),
  };
});

batteryGaugeContract('power_supply without a battery', async () => {
  const sys = new FakeSys();
  sys.put('power_supply/AC', { type: 'Mains', online: 1 });
  const { now, pass, close } = sys.bench('power_supply/AC');
  return { now, pass, close, battery: await openBattery('auto', sys.root) };
});

thermometerContract('thermal zone, in a folder', async () => {
  const sys = new FakeSys();
  sys.put('thermal/thermal_zone0', { type: 'cpu-thermal', temp: 48_312 });
  const thermometer = await openThermometer('cpu-thermal', sys.root);
  return { ...sys.bench('thermal/thermal_zone0'), thermometer };
});

async function readWith(files: Readonly<Record<string, string | number>>) {
  const sys = new FakeSys();
  sys.put('power_supply/BAT0', { type: 'Battery', ...files });
  return (await openBattery('BAT0', sys.root)).read();
}

describe('battery of power_supply', () => {
  it('reads microvolts, percent and the words of the kernel', async () => {
    expect(await readWith(BATTERY)).toEqual({ percent: 73, volts: 7.4, status: 'discharging' });
    const words = { Charging: 'charging', Full: 'full', Unknown: 'unknown' };
    for (const [word, status] of Object.entries({ ...words, 'Not charging': 'unknown' }))
      expect(await readWith({ ...BATTERY, status: word })).toMatchObject({ status });
  });

  it.each([
    [{ energy_now: 20_000_000, energy_full: 40_000_000 }, 50],
    [{ charge_now: 1_000, charge_full_design: 4_000 }, 25],
    [{ charge_now: 5_000, charge_full: 4_000 }, 100],
    [{ capacity_level: 'Low' }, 15],
  ])('without a capacity makes one of %j', async (files, percent) => {
    expect(await readWith({ status: 'Discharging', ...files })).toMatchObject({
      percent,
      volts: 0,
    });
  });

  it.each([
    [{ ...BATTERY, capacity: 'full' }, 'badData'],
    [{ ...BATTERY, capacity: '' }, 'badData'],
    [{ ...BATTERY, capacity: 255 }, 'badData'],
    [{ ...BATTERY, capacity: -1 }, 'badData'],
    [{ status: 'Charging', charge_now: 1, charge_full: 0 }, 'badData'],
    [{ ...BATTERY, present: 0 }, 'noAnswer'],
    [{ online: 1 }, 'noAnswer'],
  ])('refuses %j', async (files, kind) => {
    await expect(readWith(files)).rejects.toMatchObject({ kind, device: 'battery BAT0' });
  });

  it('reads the properties that come in one file where they do', async () => {
    const uevent = [
      'DEVTYPE=power_supply',
      'POWER_SUPPLY_NAME=max17048',
      'POWER_SUPPLY_STATUS=Charging',
      'POWER_SUPPLY_VOLTAGE_NOW=4100000',
      'POWER_SUPPLY_CAPACITY=91',
    ].join('\n');
    const reading = { percent: 91, volts: 4.1, status: 'charging' };
    expect(await readWith({ ...BATTERY, uevent })).toEqual(reading);
    // As the kernel leaves it when one of them cannot be read.
    const one = { percent: 73, volts: 7.4, status: 'discharging' };
    expect(await readWith({ ...BATTERY, uevent: '' })).toEqual(one);
    const empty = uevent.replace('91', '').replace('Charging', 'Sleeping');
    await expect(readWith({ uevent: empty })).rejects.toMatchObject({ kind: 'badData' });
  });

  it('gives something that can be or a fault, whatever the files hold', async () => {
    const text = fc.oneof(fc.string({ maxLength: 12 }), fc.integer().map(String));
    const property = fc.asyncProperty(text, text, text, async (capacity, voltage_now, status) => {
      const read = readWith({ status, capacity, voltage_now });
      const reading = await read.catch((error: unknown) => error);
      if (reading instanceof HardwareFault) return;
      expect(reading).toMatchObject({ percent: expect.any(Number), volts: expect.any(Number) });
    });
    await fc.assert(property, { numRuns: 40 });
  });

  it('is not that of a mouse, and is named in the refusal of another', async () => {
    const sys = new FakeSys();
    sys.put('power_supply/hidpp_battery_0', { type: 'Battery', scope: 'Device', capacity: 20 });
    expect((await openBattery('auto', sys.root)).present).toBe(false);
    sys.put('power_supply/max17048', BATTERY);
    expect(await (await openBattery('auto', sys.root)).read()).toMatchObject({ percent: 73 });
    await expect(openBattery('BAT9', sys.root)).rejects.toThrow(/BAT9: not found.*max17048/);
  });

  it('is absent where the kernel knows no power supplies', async () => {
    expect((await openBattery('auto', new FakeSys().root)).present).toBe(false);
  });
});

describe('what comes after the start', () => {
  /** Its timers are never due: a reading here has all the time that it needs. */
  function later() {
    const time = new SimClock();
    const sys = new FakeSys();
    return { time, sys };
  }

  it('is found by a battery gauge that looks by itself', async () => {
    const { time, sys } = later();
    const battery = await openBatteryWith('auto', sys.root, time);
    const neutral = { percent: 100, volts: 0, status: 'full' };
    expect(await battery.read()).toEqual(neutral);
    sys.put('power_supply/BAT0', BATTERY);
    expect(await battery.read()).toEqual(neutral);
    expect(battery.present).toBe(false);
    await time.advance(5_000);
    // The look itself keeps nobody waiting.
    expect(await battery.read()).toEqual(neutral);
    await expect.poll(() => battery.present).toBe(true);
    expect(await battery.read()).toMatchObject({ percent: 73 });
    sys.unplug('power_supply/BAT0', false);
    await time.advance(10_000);
    await expect(battery.read()).rejects.toMatchObject({ kind: 'noAnswer' });
    expect(battery.present).toBe(true);
  });

  it('is found by a thermometer that looks by itself', async () => {
    const { time, sys } = later();
    const thermometer = await openThermometerWith('auto', sys.root, time);
    expect(await thermometer.readCelsius()).toBe(25);
    await time.advance(5_000);
    // Not yet: it is looked for again and again.
    expect(await thermometer.readCelsius()).toBe(25);
    await delay(clock, 20);
    sys.put('thermal/thermal_zone0', { type: 'soc', temp: 48_000 });
    await time.advance(5_000);
    expect(await thermometer.readCelsius()).toBe(25);
    await expect.poll(() => thermometer.present).toBe(true);
    expect(await thermometer.readCelsius()).toBe(48);
  });
});

describe('a thermometer that chose its zone by itself', () => {
  /** Two zones, and readings of the first that fail, once a second. */
  async function losing() {
    const time = new SimClock();
    const sys = new FakeSys();
    sys.put('thermal/thermal_zone0', { type: 'soc', temp: 48_000 });
    sys.put('thermal/thermal_zone1', { type: 'board', temp: 31_000 });
    const thermometer = await openThermometerWith('auto', sys.root, time);
    expect(await thermometer.readCelsius()).toBe(48);
    const fails = async (seconds: number) => {
      for (let i = 0; i < seconds; i++) {
        await expect(thermometer.readCelsius()).rejects.toMatchObject({ device: /soc/ });
        await time.advance(1_000);
      }
    };
    return { time, sys, thermometer, fails };
  }

  it('chooses again when that zone is gone for long, and stays', async () => {
    const { time, sys, thermometer, fails } = await losing();
    sys.unplug('thermal/thermal_zone0', false);
    await fails(30);
    // The look itself keeps nobody waiting.
    await expect(thermometer.readCelsius()).rejects.toMatchObject({ kind: 'noAnswer' });
    await expect.poll(() => thermometer.readCelsius().catch(() => 0)).toBe(31);
    expect(thermometer.present).toBe(true);
    sys.unplug('thermal/thermal_zone0', true);
    for (let i = 0; i < 60; i++) {
      expect(await thermometer.readCelsius()).toBe(31);
      await time.advance(1_000);
    }
  });

  it('chooses again when that zone only answers errors', async () => {
    const { sys, thermometer, fails } = await losing();
    sys.put('thermal/thermal_zone0', { temp: 200_000 });
    await fails(30);
    await expect.poll(() => thermometer.readCelsius().catch(() => 0)).toBe(31);
  });

  it('keeps it through short losses', async () => {
    const { sys, thermometer, fails } = await losing();
    for (let i = 0; i < 3; i++) {
      sys.unplug('thermal/thermal_zone0', false);
      await fails(29);
      sys.unplug('thermal/thermal_zone0', true);
      expect(await thermometer.readCelsius()).toBe(48);
    }
  });

  it('keeps it, with its fault, while there is no other that works', async () => {
    const { time, sys, thermometer, fails } = await losing();
    sys.unplug('thermal/thermal_zone1', false);
    sys.unplug('thermal/thermal_zone0', false);
    await fails(40);
    sys.unplug('thermal/thermal_zone0', true);
    await delay(clock, 20);
    expect(await thermometer.readCelsius()).toBe(48);
    await time.advance(60_000);
    expect(await thermometer.readCelsius()).toBe(48);
  });
});

describe('thermal zone', () => {
  async function celsiusOf(temp: string | number): Promise<number> {
    const sys = new FakeSys();
    sys.put('thermal/thermal_zone3', { type: 'soc', temp });
    return (await openThermometer('soc', sys.root)).readCelsius();
  }

  it('is in thousandths of a degree', async () => {
    expect(await celsiusOf(48_312)).toBe(48.312);
    expect(await celsiusOf(-5_000)).toBe(-5);
  });

  it.each(['', 'hot', '48.3', 151_000, -274_000, '9'.repeat(20)])('refuses %j', async (temp) => {
    await expect(celsiusOf(temp)).rejects.toMatchObject({ kind: 'badData' });
  });

  it('by itself is one that has a reading', async () => {
    const sys = new FakeSys();
    expect((await openThermometer('auto', sys.root)).present).toBe(false);
    sys.put('thermal/thermal_zone0', { type: 'iwlwifi' });
    sys.put('thermal/thermal_zone10', { type: 'ten', temp: 10_000 });
    sys.put('thermal/thermal_zone2', { type: 'two', temp: 20_000 });
    sys.put('thermal/cooling_device0', { type: 'fan' });
    expect(await (await openThermometer('auto', sys.root)).readCelsius()).toBe(20);
    await expect(openThermometer('gpu', sys.root)).rejects.toThrow(/iwlwifi, two, ten/);
  });
});

describe('a chip that hangs', () => {
  it('is given up after 20 ms, and asked again only when it let go', async () => {
    let asked = 0;
    let letGo = (): void => {};
    const hangs = () => {
      asked += 1;
      return new Promise<number>((resolve) => {
        letGo = () => resolve(asked);
      });
    };
    const patience = new Patience(clock, 'battery', hangs);
    const late = () => expect(patience.ask()).rejects.toMatchObject({ kind: 'timeout' });
    await Promise.all([late(), late()]);
    await expect(patience.ask()).rejects.toMatchObject({ kind: 'timeout' });
    expect(asked).toBe(1);
    letGo();
    await delay(clock, 1);
    const next = patience.ask();
    letGo();
    expect(await next).toBe(2);
  });
});
