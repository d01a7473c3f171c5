import { describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { openBattery } from './power-supply.ts';
import { FakeSys, PatientClock } from './testing/fake-sys.ts';

/*
 * What gauges of real computers say, by dumps that people posted of theirs (thinkpads with two
 * batteries, full gauges of laptops and single-board computers, fuel gauges of maintained kernels).
 */

type Files = Readonly<Record<string, string | number>>;

/** As `uevent` of a folder prints it. */
const uevent = (files: Files): string =>
  Object.entries(files)
    .map(([name, value]) => `POWER_SUPPLY_${name.toUpperCase()}=${value}`)
    .join('\n');

async function opened(batteries: Readonly<Record<string, Files>>, clock = new PatientClock()) {
  const sys = new FakeSys();
  for (const [name, files] of Object.entries(batteries))
    sys.put(`power_supply/${name}`, { type: 'Battery', ...files, uevent: uevent(files) });
  return { sys, gauge: await openBattery('auto', sys.root, clock) };
}

const read = async (batteries: Readonly<Record<string, Files>>) =>
  (await opened(batteries)).gauge.read();

describe('a gauge that says more than all', () => {
  it.each<[string, Files, number]>([
    ['full, charging', { status: 'Charging', capacity: 101, voltage_now: 4_190_000 }, 100],
    ['full, on mains', { status: 'Full', capacity: 106, voltage_now: 12_786_000 }, 100],
    ['new', { status: 'Unknown', capacity: 117, voltage_now: 12_600_000 }, 100],
    ['widely so', { status: 'Discharging', capacity: 121, voltage_now: 8_300_000 }, 100],
    [
      'aged, with its energies',
      {
        status: 'Unknown',
        voltage_now: 12_399_000,
        energy_full_design: 73_260_000,
        energy_full: 44_550_000,
        energy_now: 45_820_000,
        capacity: 102,
        capacity_level: 'Normal',
      },
      100,
    ],
    [
      'beyond belief, where its charges tell better',
      { status: 'Full', capacity: 448, charge_now: 8_100_000, charge_full: 9_000_000 },
      90,
    ],
    [
      'beyond belief, where what it last held is wrong too',
      {
        status: 'Full',
        capacity: 448,
        charge_now: 8_739_000,
        charge_full: 1_950_000,
        charge_full_design: 8_800_000,
      },
      99.3,
    ],
    [
      'an unread register beside energies',
      { status: 'Discharging', capacity: 255, energy_now: 20_000_000, energy_full: 40_000_000 },
      50,
    ],
  ])('%s', async (_, files, percent) => {
    expect((await read({ BAT0: files })).percent).toBeCloseTo(percent, 1);
  });

  it.each<[string, Files]>([
    ['an unread register', { status: 'Charging', capacity: 255 }],
    ['the same, whatever its word', { status: 'Full', capacity: 255, capacity_level: 'Full' }],
    [
      'all registers unread',
      { status: 'Unknown', capacity: 65535, charge_now: 65535, charge_full: 65535 },
    ],
    [
      'the same, scaled by its driver',
      { status: 'Unknown', capacity: 65535, energy_now: 655350000, energy_full: 655350000 },
    ],
    ['charges that cannot be', { status: 'Full', charge_now: 9_000_000, charge_full: 2_000_000 }],
  ])('and is none: %s', async (_, files) => {
    await expect(read({ BAT0: files })).rejects.toMatchObject({ kind: 'badData' });
  });
});

describe('a gauge of a HAT', () => {
  it('without a charger that it knows says no status', async () => {
    const max17048 = { voltage_now: 3_991_250, capacity: 86, charge_full: 5_000_000 };
    const reading = { percent: 86, volts: 3.99125, status: 'unknown' };
    expect(await read({ battery: { ...max17048, charge_now: 4_300_000 } })).toEqual(reading);
  });

  it('that counts no capacity either has nothing to go by', async () => {
    await expect(read({ battery: { voltage_now: 3_991_250 } })).rejects.toMatchObject({
      kind: 'noAnswer',
    });
  });
});

describe('a gauge that says empty', () => {
  const nothing = { voltage_now: 0, capacity: 0, charge_full: 0, charge_now: 0 };
  it.each<[string, Files]>([
    ['unread on its slow bus', { status: 'Discharging', ...nothing, capacity_level: 'Normal' }],
    ['the same of an older kernel', { status: 'Discharging', voltage_now: 0, capacity: 0 }],
    ['full and empty', { status: 'Full', capacity: 0, voltage_now: 12_900_000 }],
    [
      'full and empty, in energies too',
      { status: 'Full', capacity: 0, energy_now: 0, energy_full: 50_000_000 },
    ],
  ])('and is broken: %s', async (_, files) => {
    await expect(read({ BAT0: files })).rejects.toMatchObject({ kind: 'badData' });
  });

  it.each<[string, Files, number]>([
    ['empty', { status: 'Discharging', capacity: 0, voltage_now: 3_050_000 }, 0],
    [
      'the one of two that was used first',
      {
        ...{ status: 'Unknown', voltage_now: 10_532_000, capacity_level: 'Critical' },
        ...{ energy_full: 30_380_000, energy_now: 0, capacity: 0 },
      },
      0,
    ],
    ['empty, on mains again', { status: 'Charging', capacity: 0, capacity_level: 'Low' }, 0],
    [
      'cut off before its charge is counted down',
      { status: 'Discharging', capacity: 0, charge_now: 400_000, charge_full: 2_000_000 },
      0,
    ],
    [
      'full by its energies',
      { status: 'Full', capacity: 0, energy_now: 47_000_000, energy_full: 50_000_000 },
      94,
    ],
  ])('and means it, or tells better elsewhere: %s', async (_, files, percent) => {
    expect((await read({ BAT0: files })).percent).toBe(percent);
  });
});

describe('volts', () => {
  it.each<[string, Files, number]>([
    ['as the kernel wants them', { voltage_now: 4_190_000 }, 4.19],
    ['unscaled, as a register of a gauge', { voltage_now: 53_744 }, 0],
    ['in thousandths', { voltage_now: 4_190 }, 0],
    ['a thousand times too many', { voltage_now: 4_190_000_000 }, 0],
    ['none', { voltage_now: 0 }, 0],
    ['none at the moment, but as a mean', { voltage_now: 0, voltage_avg: 3_900_000 }, 3.9],
    ['no number', { voltage_now: '7.4' }, 0],
    ['an unread register', { voltage_now: 65_535_000 }, 0],
  ])('%s', async (_, files, volts) => {
    const reading = await read({ bq27: { status: 'Discharging', capacity: 98, ...files } });
    expect(reading).toEqual({ percent: 98, volts, status: 'discharging' });
  });

  it('a current against the charge is nothing that is asked for', async () => {
    const files = { status: 'Full', voltage_now: 4_206_976, current_now: -381_000, capacity: 100 };
    expect(await read({ smb1360: files })).toEqual({
      percent: 100,
      volts: 4.206976,
      status: 'full',
    });
  });
});

describe('several batteries', () => {
  const inside = { present: 1, status: 'Discharging', voltage_now: 11_800_000 };

  it('an empty bay is none of them', async () => {
    const reading = await read({
      BAT0: { present: 0, status: 'Unknown' },
      BAT1: { ...inside, capacity: 55 },
    });
    expect(reading).toEqual({ percent: 55, volts: 11.8, status: 'discharging' });
  });

  it('are one, by what each of them holds', async () => {
    const reading = await read({
      BAT0: {
        present: 1,
        status: 'Unknown',
        capacity: 5,
        energy_full: 25_860_000,
        energy_now: 1_410_000,
        voltage_now: 10_951_000,
      },
      BAT1: { ...inside, capacity: 80, energy_full: 51_720_000, energy_now: 41_376_000 },
    });
    expect(reading.percent).toBeCloseTo(55, 1);
    expect(reading).toMatchObject({ volts: 11.8, status: 'discharging' });
  });

  it.each<[string, Files, Files, object]>([
    ['one charges', { status: 'Charging' }, { status: 'Unknown' }, { status: 'charging' }],
    [
      'a dock empties into its tablet',
      { status: 'Charging' },
      { status: 'Discharging' },
      { status: 'discharging' },
    ],
    ['both are full', { status: 'Full' }, { status: 'Full' }, { status: 'full', volts: 0 }],
    ['one is held', { status: 'Full' }, { status: 'Not charging' }, { status: 'unknown' }],
  ])('%s', async (_, one, other, expected) => {
    const known = { capacity: 60, voltage_now: 12_000_000 };
    const reading = await read({ BAT0: { ...known, ...one }, BAT1: { ...known, ...other } });
    expect(reading).toMatchObject({ percent: 60, ...expected });
  });

  it('one that is broken leaves it to the others', async () => {
    const good = { ...inside, capacity: 40 };
    expect(await read({ BAT0: { status: 'Unknown', capacity: 255 }, BAT1: good })).toMatchObject({
      percent: 40,
    });
  });

  it('of mice and pens are none, whatever they are called', async () => {
    const { gauge } = await opened({
      hidpp_battery_0: {
        scope: 'Device',
        status: 'Discharging',
        capacity_level: 'Normal',
        online: 1,
      },
      'hid-0018:04F3:2AF0.0002-battery': {
        scope: 'Device',
        present: 1,
        status: 'Unknown',
        capacity: 0,
      },
      'macsmc-battery': { scope: 'System', status: 'Full', capacity: 80 },
    });
    expect(await gauge.read()).toMatchObject({ percent: 80, status: 'full' });
  });

  it('mains and USB alone are a computer without a battery', async () => {
    const { gauge } = await opened({
      AC: { type: 'Mains', online: 1 },
      'ucsi-source-psy-USBC000:001': { type: 'USB', online: 0 },
      BAT0: { present: 0, status: 'Unknown' },
    });
    expect(gauge.present).toBe(false);
    expect(await gauge.read()).toEqual({ percent: 100, volts: 0, status: 'full' });
  });

  it('one that is put in later counts too, and one that is taken out no more', async () => {
    const time = new SimClock();
    const { sys, gauge } = await opened({ BAT0: { status: 'Discharging', capacity: 20 } }, time);
    expect(await gauge.read()).toMatchObject({ percent: 20 });
    sys.put('power_supply/BAT1', { type: 'Battery', status: 'Charging', capacity: 60 });
    await time.advance(5_000);
    await gauge.read();
    await expect.poll(async () => (await gauge.read()).percent).toBe(40);
    sys.put('power_supply/BAT1', { present: 0 });
    expect(await gauge.read()).toMatchObject({ percent: 20 });
    sys.put('power_supply/BAT0', { uevent: 'POWER_SUPPLY_STATUS=Unknown\nPOWER_SUPPLY_PRESENT=0' });
    await expect(gauge.read()).rejects.toMatchObject({ kind: 'noAnswer' });
    expect(gauge.present).toBe(true);
  });
});
