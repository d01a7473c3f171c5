import { expect, it } from 'vitest';
import { parseConfig } from '../../../../firmware/config.ts';
import type { Subject } from '../check.ts';
import { FakeMachine, type Given } from '../testing/fake-machine.ts';
import { runningRobot, subject } from '../testing/subjects.ts';
import { onLaptop, table } from '../testing/table.ts';
import { board, config } from './board.ts';
import { gpio } from './gpio.ts';
import { i2c } from './i2c.ts';
import { watchdog } from './watchdog.ts';

table(board, [
  ['a board', {}, ['ok boardOk']],
  ['no board', {}, ['problem boardNone'], subject({ board: undefined })],
  [
    'a wrong board',
    {},
    ['problem boardUnknown'],
    subject({ board: undefined, boardWhy: 'x.json: pan: expected an object' }),
  ],
]);

const installed = (calibration: string, strange: string[] = []): Partial<Subject> => {
  const file = '/etc/deskmate/firmware.json';
  const notes = strange.map((why) => ({ file, why }));
  const text = JSON.stringify({ board: 'deskmate-1', drivers: 'd', link: 'l', calibration });
  return { firmware: { kind: 'read', file, config: parseConfig(text, file), notes } };
};
const axis = {
  ...{ zeroUs: 1500, usPerDeg: 5, minUs: 600, maxUs: 2400 },
  ...{ encoderZeroDeg: 0, encoderDirection: 1 },
};

table(config, [
  [
    'nothing installed, no board named',
    {},
    ['problem configMissing', 'ok configOk', 'ok configOk'],
  ],
  [
    'a board named where nothing is installed',
    {},
    ['notExamined configNone'],
    subject({
      boardAsked: true,
      media: { kind: 'missing', file: 'media.json' },
      agent: { kind: 'missing', file: 'agent.json' },
    }),
  ],
  [
    'not calibrated',
    {},
    ['ok configOk', 'ok configOk', 'ok configOk', 'warning calibrationMissing'],
    subject(installed('/c')),
  ],
  [
    'calibrated',
    { files: { '/c': JSON.stringify({ pan: axis, tilt: axis }) } },
    ['ok configOk', 'ok configOk', 'ok configOk', 'ok calibrationOk'],
    subject(installed('/c')),
  ],
  [
    'a calibration that cannot be',
    { files: { '/c': '{}' } },
    ['ok configOk', 'ok configOk', 'ok configOk', 'problem calibrationWrong'],
    subject(installed('/c')),
  ],
  [
    'a wrong line',
    {},
    ['problem configWrong', 'ok configOk', 'ok configOk'],
    subject({ firmware: { kind: 'wrong', file: 'firmware.json', why: 'board: no' } }),
  ],
  [
    'fields of a newer version, or misspelt',
    {},
    [
      'warning configStrange',
      'warning configStrange',
      'ok configOk',
      'ok configOk',
      'warning calibrationMissing',
    ],
    subject(installed('/c', ['colour: unknown', 'loglevel: unknown'])),
  ],
  [
    'not to be read',
    {},
    ['problem configDenied', 'ok configOk', 'ok configOk'],
    subject({ firmware: { kind: 'denied', file: 'firmware.json' } }),
  ],
]);

const bus = { '/dev/i2c-1': '' };
const all = { 65: 'well', 66: 'well', 54: 'well', 64: 'well', 114: 'well', 115: 'well' } as const;
const six = Array.from({ length: 6 }, () => 'ok i2cAnswers');

table(i2c, [
  ['not on this board', {}, ['notExamined notOnBoard'], onLaptop],
  ['no bus', {}, ['problem i2cMissing']],
  ['no permission', { denied: ['/dev/i2c-1'] }, ['problem i2cDenied']],
  ['all chips answer', { files: bus, chips: all }, six],
  [
    'one is silent, one is the kernel’s, one talks nonsense',
    { files: bus, chips: { ...all, 65: 'noAnswer', 66: 'busy', 54: 'badData' } },
    ['problem i2cSilent', 'problem i2cKernel', 'problem i2cTrouble', ...six.slice(3)],
  ],
  ['a stuck bus is one finding', { files: bus, chips: { 65: 'busStuck' } }, ['problem i2cStuck']],
  ['firmware runs and is well', { files: bus }, ['notExamined i2cFirmware'], runningRobot()],
  [
    'firmware runs and has faults of the bus',
    { files: bus },
    ['problem bodyFault', 'problem bodyFault'],
    runningRobot({}, ['panEncoder', 'loopLate', 'eyes']),
  ],
  [
    'firmware runs and nobody tells',
    { files: bus },
    ['warning i2cFirmwareQuiet'],
    subject({ firmwareRuns: true }),
  ],
]);

it('never touches the bus while firmware has it', async () => {
  const machine = new FakeMachine({ files: bus, chips: all });
  await i2c.run(machine, runningRobot());
  expect(machine.probed).toEqual([]);
  await i2c.run(machine, subject());
  expect(machine.probed).toContainEqual([0x36, 0x0b]);
});

const chip = { '/dev/gpiochip0': '' };
/** A chip of sysfs beside its character device. */
const labelled = (label: string, name = 0, base = 512) => ({
  [`/sys/bus/gpio/devices/gpiochip${name}/../gpio/gpiochip${base}/label`]: `${label}\n`,
});
const missing = ['problem gpioMissing'];
const detect = 'gpiochip0 [pinctrl-bcm2711] (58 lines)\n';
const lines = (consumer: (offset: number) => string): string =>
  `gpiochip0 - 58 lines:\n${Array.from({ length: 28 }, (_, i) => `\tline ${String(i).padStart(3)}: ${`"GPIO${i}"`.padStart(10)} ${consumer(i)}\n`).join('')}`;
const v1 = (held: string) =>
  lines((i) => (i === 22 ? `${held} output active-high [used]` : 'unused input active-high '));
const v2 = (held: string) => lines((i) => (i === 22 ? `output consumer=${held}` : 'input'));
const gpioOf = (gpioinfo: string | number): Given => ({
  files: chip,
  programs: { gpiodetect: detect, gpioinfo },
});
/** As the drivers name their lines, by BCM number of deskmate-1. */
const NAMES: Readonly<Record<number, string>> = {
  ...{ 17: 'servo enable', 22: 'camera rail', 23: 'microphone rail', 24: 'amplifier' },
  ...{ 5: 'teacher button', 6: 'pair button' },
};
const held1 = lines((i) =>
  NAMES[i] ? `"${NAMES[i]}" output active-high [used]` : 'unused input active-high ',
);
const held2 = lines((i) => (NAMES[i] ? `output consumer="${NAMES[i]}"` : 'input'));
const heldBySysfs = lines((i) => (NAMES[i] ? 'output consumer=sysfs' : 'input'));

table(gpio, [
  ['not on this board', {}, ['notExamined notOnBoard'], onLaptop],
  ['no chip', {}, ['problem gpioMissing']],
  [
    'another chip',
    { files: chip, programs: { gpiodetect: 'gpiochip0 [other] (4 lines)' } },
    ['problem gpioMissing'],
  ],
  ['another chip, told by sysfs', { files: { ...chip, ...labelled('other') } }, missing],
  ['a label that nobody tells', { files: chip }, ['warning gpioUnseen']],
  [
    'a label that nobody tells, of a chip with a fault',
    { files: chip },
    ['problem bodyFault', 'warning gpioUnseen'],
    runningRobot({}, ['cameraRail']),
  ],
  [
    'one chip that is not it and one whose label nobody tells',
    { files: { ...chip, '/dev/gpiochip1': '', ...labelled('other') } },
    ['warning gpioUnseen'],
  ],
  [
    'without tools, by sysfs',
    { files: { ...chip, ...labelled('pinctrl-bcm2711') } },
    ['warning gpioUnknown'],
  ],
  [
    'without tools, by the device',
    { files: chip, gpioLabels: { '/dev/gpiochip0': 'pinctrl-bcm2711' } },
    ['warning gpioUnknown'],
  ],
  [
    'two chips of one device, which only the character devices tell apart',
    {
      files: {
        ...{ '/dev/gpiochip0': '', '/dev/gpiochip1': '' },
        ...labelled('pinctrl-bcm2711', 0, 512),
        ...labelled('other', 0, 600),
      },
      gpioLabels: { '/dev/gpiochip0': 'other', '/dev/gpiochip1': 'pinctrl-bcm2711' },
      programs: { gpioinfo: v1('unused').replace('gpiochip0', 'gpiochip1') },
    },
    ['ok gpioFree'],
  ],
  ['no tools', { files: chip, programs: { gpiodetect: detect } }, ['warning gpioUnknown']],
  [
    'no permission',
    { denied: ['/dev/gpiochip0'], programs: { gpiodetect: detect } },
    ['problem gpioDenied', 'warning gpioUnknown'],
  ],
  ['free', gpioOf(v1('unused')), ['ok gpioFree']],
  ['free (libgpiod 2)', gpioOf(lines(() => 'input')), ['ok gpioFree']],
  ['one taken', gpioOf(v1('"spi0 CS1"')), ['problem gpioTaken']],
  ['one taken (libgpiod 2)', gpioOf(v2('"spi0"')), ['problem gpioTaken']],
  [
    'too few lines',
    gpioOf('gpiochip0 - 1 lines:\n\tline 0: unnamed unused input active-high\n'),
    Array.from({ length: 6 }, () => 'problem gpioAbsent'),
  ],
  ['held by firmware', gpioOf(held1), ['ok gpioHeld'], runningRobot()],
  ['held by firmware (libgpiod 2)', gpioOf(held2), ['ok gpioHeld'], runningRobot()],
  ['held by firmware through sysfs', gpioOf(heldBySysfs), ['ok gpioHeld'], runningRobot()],
  [
    'held, and it does not do what it is told',
    gpioOf(held2),
    ['problem bodyFault', 'ok gpioHeld'],
    runningRobot({}, ['cameraRail']),
  ],
  ['held by a firmware that should not run', gpioOf(v2('"camera rail"')), ['problem gpioTaken']],
  [
    'firmware runs without them',
    gpioOf(lines(() => 'input')),
    Array.from({ length: 6 }, () => 'warning gpioNotHeld'),
    runningRobot(),
  ],
]);

const dog = {
  '/dev/watchdog0': '',
  '/sys/class/watchdog/watchdog0/identity': 'bcm2835',
  '/sys/class/watchdog/watchdog0/state': 'inactive',
};
table(watchdog, [
  ['not on this board', {}, ['notExamined notOnBoard'], onLaptop],
  ['none', {}, ['warning watchdogMissing']],
  ['ready', { files: dog }, ['ok watchdogOk']],
  [
    'held by systemd',
    { files: dog, holders: { '/dev/watchdog0': [{ pid: 1, name: 'systemd' }] } },
    ['problem watchdogTaken'],
  ],
  ['not armed', { files: dog }, ['problem watchdogIdle'], runningRobot()],
]);
