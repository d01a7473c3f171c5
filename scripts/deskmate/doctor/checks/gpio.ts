import type { GpioLines, GpioWiring } from '../../../../hal/boards/board.ts';
import { checkOfPart, type Finding, ok, problem, type Subject, warning } from '../check.ts';
import type { HostProbe } from '../host-probe.ts';
import { bodyFaults } from '../subject.ts';

/** The consumer of each line of a chip, by offset; null: none. */
type Consumers = ReadonlyMap<number, string | null>;

export const gpio = checkOfPart('gpio', 4_000, async (machine, wiring, subject) => {
  const found = bodyFaults(subject, 'gpio');
  const device = await findChip(machine, wiring.chip);
  if (device === 'none') return [problem('gpioMissing', { chip: wiring.chip })];
  if (device === 'unseen') return [...found, warning('gpioUnseen', { chip: wiring.chip })];
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
});

/** By name (`gpiochip0`) or label (`pinctrl-bcm2711`). `unseen`: its label is not readable. */
async function findChip(
  machine: HostProbe,
  wanted: string,
): Promise<`/dev/${string}` | 'none' | 'unseen'> {
  const chips = (await machine.list('/dev')).filter((name) => /^gpiochip\d+$/.test(name));
  if (chips.includes(wanted)) return `/dev/${wanted}`;
  const labels = await Promise.all(chips.map((name) => labelOf(machine, name)));
  const found = chips[labels.indexOf(wanted)];
  if (found) return `/dev/${found}`;
  if (!labels.includes(undefined)) return 'none';
  const { out } = await machine.run('gpiodetect');
  // `gpiochip0 [pinctrl-bcm2711] (58 lines)`
  const told = [...out.matchAll(/^(gpiochip\d+) \[([^\]]*)\]/gm)];
  const [, name] =
    told.find(([, name = '', label]) => label === wanted && chips.includes(name)) ?? [];
  if (name) return `/dev/${name}`;
  const unseen = chips.some((chip, at) => !labels[at] && !told.some(([, name]) => name === chip));
  return unseen ? 'unseen' : 'none';
}

/**
 * The kernel gives a label in sysfs, beside the device's chips, and to whoever may open the
 * character device. For several chips of one device, sysfs does not say which label is whose.
 */
async function labelOf(machine: HostProbe, name: string): Promise<string | undefined> {
  const device = `/sys/bus/gpio/devices/${name}/../gpio`;
  const siblings = (await machine.list(device)).filter((one) => /^gpiochip\d+$/.test(one));
  if (siblings.length === 1) {
    const label = await machine.read(`${device}/${siblings[0]}/label`);
    if (label.ok && label.text.trim()) return label.text.trim();
  }
  return machine.gpioLabel(`/dev/${name}`);
}

const nameOf = (device: string): string => device.slice('/dev/'.length);

/**
 * What `gpioinfo` prints. libgpiod 1: `line 17: "GPIO17" "deskmate" output active-high [used]`;
 * libgpiod 2: `line 17: "GPIO17" output consumer="deskmate"`. Exported for tests.
 */
function readConsumers(text: string, chip: string): Consumers | undefined {
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
    // Firmware uses the board's name of a line, in words; through sysfs it has no consumer name.
    const ours = firmwareRuns && [spaced(line), 'sysfs'].includes(consumer);
    return ours ? [] : [problem('gpioTaken', { offset, line, consumer })];
  });
  if (wrong.length > 0) return wrong;
  return [ok(firmwareRuns ? 'gpioHeld' : 'gpioFree', { count: fitted.length })];
}

/** `cameraRail` as `camera rail`. */
const spaced = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
