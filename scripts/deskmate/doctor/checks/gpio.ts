import type { GpioLines, GpioWiring } from '../../../../hal/boards/wiring.ts';
import { type Check, type Finding, ok, problem, type Subject, warning } from '../check.ts';
import type { Machine } from '../machine.ts';
import { bodyFaults } from './body-faults.ts';

/** Who has each line of a chip, by offset; null: nobody. */
export type Consumers = ReadonlyMap<number, string | null>;

export const gpio: Check = {
  name: 'gpio',
  withinMs: 4_000,
  async run(machine, subject) {
    const wiring = subject.board?.gpio;
    if (!wiring) return subject.board ? [ok('notOnBoard')] : [];
    const device = await findChip(machine, wiring.chip);
    if (!device) return [problem('gpioMissing', { chip: wiring.chip })];
    const found = bodyFaults(subject, 'gpio');
    if ((await machine.may(device, 'readWrite')) === 'no' && !subject.firmwareRuns) {
      const group = (await machine.group(device))?.name ?? 'gpio';
      found.push(problem('gpioDenied', { device, user: machine.user.name, group }));
    }
    const { code, out } = await machine.run('gpioinfo');
    const consumers = code === 0 ? readConsumers(out, nameOf(device)) : undefined;
    return [
      ...found,
      ...(consumers ? ofLines(wiring, consumers, subject) : [warning('gpioUnknown')]),
    ];
  },
};

/** By name (`gpiochip0`) or label (`pinctrl-bcm2711`); the kernel tells labels in sysfs. */
async function findChip(machine: Machine, wanted: string): Promise<string | undefined> {
  const chips = (await machine.list('/dev')).filter((name) => /^gpiochip\d+$/.test(name));
  if (chips.includes(wanted)) return `/dev/${wanted}`;
  const { out } = await machine.run('gpiodetect');
  // `gpiochip0 [pinctrl-bcm2711] (58 lines)`
  for (const [, name, label] of out.matchAll(/^(gpiochip\d+) \[([^\]]*)\]/gm))
    if (label === wanted && name && chips.includes(name)) return `/dev/${name}`;
  return undefined;
}

const nameOf = (device: string): string => device.slice('/dev/'.length);

/**
 * What `gpioinfo` prints. libgpiod 1: `line 17: "GPIO17" "deskmate" output active-high [used]`;
 * libgpiod 2: `line 17: "GPIO17" output consumer="deskmate"`. Exported for tests.
 */
export function readConsumers(text: string, chip: string): Consumers | undefined {
  const section = text.split(/^(?=gpiochip\d+ )/m).find((part) => part.startsWith(`${chip} `));
  if (section === undefined) return undefined;
  const found = new Map<number, string | null>();
  for (const [, offset, rest = ''] of section.matchAll(/^\s+line\s+(\d+):\s+(.*)$/gm)) {
    const second = /^(?:unnamed|"[^"]*")\s+(unused|kernel|"[^"]*")(?:\s|$)/.exec(rest)?.[1];
    const [, quoted, plain] = /consumer=(?:"([^"]*)"|(\S+))/.exec(rest) ?? [];
    const consumer = quoted ?? plain ?? second?.replaceAll('"', '');
    found.set(Number(offset), consumer === undefined || consumer === 'unused' ? null : consumer);
  }
  return found;
}

function ofLines(
  { lines, chip }: GpioWiring,
  consumers: Consumers,
  { firmwareRuns }: Subject,
): Finding[] {
  const fitted = Object.entries(
    lines as GpioLines & Record<string, { offset: number } | null>,
  ).flatMap(([line, at]) => (at ? [{ line, offset: at.offset }] : []));
  const wrong = fitted.flatMap(({ line, offset }): Finding[] => {
    const consumer = consumers.get(offset);
    if (consumer === undefined) return [problem('gpioAbsent', { offset, line, chip })];
    if (consumer === null) return firmwareRuns ? [warning('gpioNotHeld', { offset, line })] : [];
    // Firmware names a line as the board does, in words; through sysfs the kernel knows no name.
    const ours = firmwareRuns && [spaced(line), 'sysfs'].includes(consumer);
    return ours ? [] : [problem('gpioTaken', { offset, line, consumer })];
  });
  if (wrong.length > 0) return wrong;
  return [ok(firmwareRuns ? 'gpioHeld' : 'gpioFree', { count: fitted.length })];
}

/** `cameraRail` as `camera rail`. */
const spaced = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
