import { expect, it } from 'vitest';
import { FAULT_KINDS, plannedFaults } from './faults.ts';
import { readFleetOptions } from './options.ts';

it('happen twice each, in order, and are over before the end; the same for the same seed', () => {
  const faults = plannedFaults(FAULT_KINDS, 600, 5);
  expect(faults).toEqual(plannedFaults(FAULT_KINDS, 600, 5));
  expect(faults).not.toEqual(plannedFaults(FAULT_KINDS, 600, 6));
  expect(faults.map(({ atS }) => atS)).toEqual(faults.map(({ atS }) => atS).sort((a, b) => a - b));
  for (const kind of FAULT_KINDS)
    expect(faults.filter((fault) => fault.kind === kind)).toHaveLength(2);
  for (const { atS, lastsS } of faults) expect(atS + lastsS).toBeLessThan(600);
});

it('are named by a flag, which says what is wrong with it', () => {
  expect(readFleetOptions(['--faults', 'broker,disk']).faults).toEqual(['broker', 'disk']);
  expect(() => readFleetOptions(['--faults', 'moon'])).toThrow(/expected some of broker, region/);
  expect(() => readFleetOptions(['--robots', '0'])).toThrow(/--robots: expected 1\.\.50000/);
  expect(() => readFleetOptions(['--from', 'monday'])).toThrow(/--from/);
});
