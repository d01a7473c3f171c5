import { describe, expect, it } from 'vitest';
import { FakeSys, PatientClock } from './testing/fake-sys.ts';
import { openThermometer } from './thermal-zone.ts';

/** Zones in their order: type and thousandths of a degree, as people's computers list them. */
type Zones = readonly (readonly [type: string, temp: number | string, mode?: string])[];

function computer(zones: Zones): FakeSys {
  const sys = new FakeSys();
  for (const [i, [type, temp, mode = 'enabled']] of zones.entries())
    sys.put(`thermal/thermal_zone${i}`, { type, temp, mode });
  return sys;
}

const open = (sys: FakeSys, type = 'auto') => openThermometer(type, sys.root, new PatientClock());
const celsius = async (sys: FakeSys, type?: string) => (await open(sys, type)).readCelsius();

describe('a thermometer that nobody named', () => {
  it.each<[string, Zones, number]>([
    [
      'a laptop whose first zone is a constant',
      [
        ['INT3400 Thermal', 20_000],
        ['x86_pkg_temp', 88_000],
      ],
      88,
    ],
    [
      'a laptop with eight',
      [
        ['INT3400 Thermal', 20_000],
        ['TMEM', 41_000],
        ['TSKN', 35_000],
        ['TAMB', 33_000],
        ['T_VR', 45_000],
        ['TEFN', 39_000],
        ['acpitz', 27_800],
        ['x86_pkg_temp', 62_000],
      ],
      62,
    ],
    [
      'a laptop whose wireless card is hotter than its processor',
      [
        ['pch_cannonlake', 71_000],
        ['iwlwifi_1', 77_000],
        ['B0D4', 55_050],
      ],
      55.05,
    ],
    [
      'a board with a zone for each cluster',
      [
        ['package-thermal', 41_000],
        ['bigcore0-thermal', 52_000],
        ['littlecore-thermal', 40_000],
        ['gpu-thermal', 60_000],
        ['npu-thermal', 38_000],
      ],
      52,
    ],
    [
      'a board whose processor comes second',
      [
        ['AO-therm', 38_500],
        ['CPU-therm', 33_000],
        ['GPU-therm', 34_000],
        ['PMIC-Die', 100_000],
        ['thermal-fan-est', 33_500],
      ],
      33,
    ],
    ['a Raspberry Pi', [['cpu-thermal', 48_312]], 48.312],
    ['an older one', [['bcm2835_thermal', 51_540]], 51.54],
    [
      'a sensor that is off',
      [
        ['soc_thermal', 0],
        ['cpu_thermal_zone', 45_000],
      ],
      45,
    ],
    [
      'sensors that are not connected',
      [
        ['cpu-thermal', -273_000],
        ['soc-thermal', 127_000],
        ['acpitz', 44_000],
      ],
      44,
    ],
    [
      'a zone that is switched off',
      [
        ['cpu-thermal', 30_000, 'disabled'],
        ['acpitz', 44_000],
      ],
      44,
    ],
    [
      'no processor among them: the hottest',
      [
        ['acpitz', 16_800],
        ['acpitz', 51_000],
        ['BAT0', 60_000],
      ],
      51,
    ],
    ['nothing but a constant', [['INT3400 Thermal', 20_000]], 20],
  ])('%s', async (_, zones, degrees) => {
    expect(await celsius(computer(zones))).toBe(degrees);
  });

  it('is a chip of the processor where no zone is one', async () => {
    const sys = computer([['acpitz', 20_000]]);
    sys.put('hwmon/hwmon0', { name: 'nvme', temp1_input: 64_850, temp1_label: 'Composite' });
    sys.put('hwmon/hwmon1', {
      ...{ name: 'k10temp', temp1_input: 87_000, temp1_label: 'Tctl' },
      ...{ temp2_input: 60_000, temp2_label: 'Tdie' },
    });
    expect(await celsius(sys)).toBe(60);
    sys.put('hwmon/hwmon1', {
      name: 'coretemp',
      temp1_label: 'Package id 0',
      temp2_label: 'Core 0',
    });
    expect(await celsius(sys)).toBe(87);
    sys.put('thermal/thermal_zone1', { type: 'x86_pkg_temp', temp: 71_000 });
    expect(await celsius(sys)).toBe(71);
  });

  it('goes on with the others of its kind when one breaks', async () => {
    const sys = computer([
      ['bigcore0-thermal', 70_000],
      ['bigcore2-thermal', 60_000],
    ]);
    const thermometer = await open(sys);
    expect(await thermometer.readCelsius()).toBe(70);
    sys.put('thermal/thermal_zone0', { temp: 200_000 });
    expect(await thermometer.readCelsius()).toBe(60);
    sys.put('thermal/thermal_zone1', { temp: 0 });
    await expect(thermometer.readCelsius()).rejects.toMatchObject({ kind: 'badData' });
  });
});

describe('a thermometer that the board names', () => {
  it('is the hottest of that name, zone or chip', async () => {
    const sys = computer([
      ['x86_pkg_temp', 50_000],
      ['acpitz', 90_000],
      ['x86_pkg_temp', 61_000],
    ]);
    sys.put('hwmon/hwmon3', { name: 'k10temp', temp1_input: 55_000 });
    expect(await celsius(sys, 'x86_pkg_temp')).toBe(61);
    expect(await celsius(sys, 'k10temp')).toBe(55);
    await expect(open(sys, 'cpu')).rejects.toThrow(/x86_pkg_temp, acpitz, x86_pkg_temp, k10temp/);
  });

  it('may say 0, and not what no sensor says', async () => {
    const sys = computer([['soc', 0]]);
    expect(await celsius(sys, 'soc')).toBe(0);
    sys.put('thermal/thermal_zone0', { temp: 127_000 });
    await expect(celsius(sys, 'soc')).rejects.toMatchObject({ kind: 'badData' });
  });
});

/** As many seconds later as it is told; nobody waits. */
class LaterClock extends PatientClock {
  laterMs = 0;
  override now(): number {
    return super.now() + this.laterMs;
  }
}

describe('a thermometer that nobody named, when the computer changes', () => {
  /** A look is made by whoever asks, and not waited for. */
  const settled = async (
    thermometer: { readCelsius(): Promise<number> },
    clock: LaterClock,
    degrees: number,
  ) => {
    await expect
      .poll(async () => {
        clock.laterMs += 5_000;
        return thermometer.readCelsius().catch(String);
      })
      .toBe(degrees);
  };

  it.each(['INT3400 Thermal', 'acpitz'])(
    'is the processor after %s, once that has one',
    async (first) => {
      const sys = computer([[first, 20_000]]);
      const clock = new LaterClock();
      const thermometer = await openThermometer('auto', sys.root, clock);
      expect(await thermometer.readCelsius()).toBe(20);
      sys.put('thermal/thermal_zone1', { type: 'x86_pkg_temp', temp: 88_000, mode: 'enabled' });
      await settled(thermometer, clock, 88);
    },
  );

  it('does not come back to one that was lost while another works', async () => {
    const sys = computer([
      ['acpitz', 40_000],
      ['x86_pkg_temp', 88_000],
    ]);
    const clock = new LaterClock();
    const thermometer = await openThermometer('auto', sys.root, clock);
    expect(await thermometer.readCelsius()).toBe(88);
    sys.unplug('thermal/thermal_zone1', false);
    await settled(thermometer, clock, 40);
    sys.unplug('thermal/thermal_zone1', true);
    for (let n = 0; n < 20; n++) {
      clock.laterMs += 5_000;
      expect(await thermometer.readCelsius()).toBe(40);
    }
  });
});
