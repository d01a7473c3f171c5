import { expect, it } from 'vitest';
import { driversDocument, TestReport } from './drivers.ts';

const report = (name: string, ...tests: [suite: string, status: string][]) => ({
  testResults: [
    {
      name,
      assertionResults: tests.map(([suite, status]) => ({ ancestorTitles: [suite], status })),
    },
  ],
});

it('puts each driver where it ran, with what passed', () => {
  const text = driversDocument([
    report('/x/sim/body/contract.test.ts', ['angle encoder: pan, simulated', 'passed']),
    report(
      '/x/hal/linux/a.test.ts',
      ['angle encoder: pan, AS5600 on the fake bus', 'passed'],
      ['angle encoder: tilt, AS5600 on the fake bus', 'failed'],
      ['camera: test source', 'skipped'],
      ['camera', 'passed'],
    ),
    report(
      '/x/hal/linux/a.vm.test.ts',
      ['switch: amplifier, sysfs', 'passed'],
      ['other', 'passed'],
    ),
  ]);
  expect(text).toContain('| angle encoder | simulated ✓ 1/1 | AS5600 on the fake bus ✗ 1/2 | – |');
  expect(text).toContain('| camera | – | test source – 0/0 (1 skipped) | – |');
  expect(text).toContain('| switch | – | – | sysfs ✓ 1/1 |');
  expect(text).not.toContain('other');
});

it('refuses a report that is none', () => {
  expect(() => TestReport.parse({})).toThrow();
});
