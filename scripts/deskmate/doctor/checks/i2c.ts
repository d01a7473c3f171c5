import type { I2cWiring } from '../../../../hal/boards/board.ts';
import type { I2cBus } from '../../../../hal/bus/i2c.ts';
import { firstLineOf } from '../../../../hal/common/errors.ts';
import { HardwareFault } from '../../../../hal/ports/fault.ts';
import {
  checkOfPart,
  type Finding,
  notExamined,
  ok,
  phrase,
  problem,
  type Subject,
  warning,
} from '../check.ts';

import type { HostProbe } from '../host-probe.ts';
import { bodyFaults } from '../subject.ts';

type Chip = Exclude<keyof I2cWiring, 'bus'>;

/**
 * One register of each chip that can be read without side effects: PCA9685 MODE1 (datasheet
 * 7.3.1), AS5600 STATUS (datasheet fig. 21), first byte of the HT16K33's display memory.
 */
const REGISTER: Readonly<Record<Chip, number>> = {
  servos: 0x00,
  lights: 0x00,
  panEncoder: 0x0b,
  tiltEncoder: 0x0b,
  leftEye: 0x00,
  rightEye: 0x00,
};

const NAME = {
  servos: 'chipServos',
  lights: 'chipLights',
  panEncoder: 'chipPanEncoder',
  tiltEncoder: 'chipTiltEncoder',
  leftEye: 'chipLeftEye',
  rightEye: 'chipRightEye',
} as const satisfies Record<Chip, string>;

export const i2c = checkOfPart('i2c', 4_000, async (machine, wiring, subject) => {
  const device = `/dev/i2c-${wiring.bus}`;
  const may = await machine.may(device, 'readWrite');
  if (may === 'missing') return [problem('i2cMissing', { device })];
  // While firmware runs it owns the bus: its report is used instead of a measurement.
  if (subject.firmwareRuns) return asFirmwareSays(subject);
  if (may === 'no') {
    const group = (await machine.group(device))?.name ?? 'i2c';
    return [problem('i2cDenied', { device, user: machine.user.name, group })];
  }
  return probe(machine, wiring);
});

function asFirmwareSays(subject: Subject): Finding[] {
  if (!subject.status?.health.body) return [warning('i2cFirmwareQuiet')];
  const faults = bodyFaults(subject, 'i2c');
  return faults.length === 0 ? [notExamined('i2cFirmware')] : faults;
}

async function probe(machine: HostProbe, wiring: I2cWiring): Promise<Finding[]> {
  let bus: Pick<I2cBus, 'readByte' | 'close'>;
  try {
    bus = await machine.openI2c(wiring.bus);
  } catch (error) {
    return [problem('i2cNoLibrary', { why: firstLineOf(error) })];
  }
  try {
    const found: Finding[] = [];
    for (const chip of Object.keys(REGISTER) as Chip[]) {
      const address = wiring[chip];
      if (address === null) continue;
      const finding = await ask(bus, chip, address);
      // No other chip would answer either, and each query costs a timeout.
      if (finding.key === 'i2cStuck') return [finding];
      found.push(finding);
    }
    return found;
  } finally {
    await bus.close().catch(() => {});
  }
}

async function ask(bus: Pick<I2cBus, 'readByte'>, chip: Chip, address: number): Promise<Finding> {
  const at = `0x${address.toString(16)}`;
  const name = phrase(NAME[chip], { address: at });
  try {
    await bus.readByte(address, REGISTER[chip]);
    return ok('i2cAnswers', { chip: name });
  } catch (error) {
    const kind = error instanceof HardwareFault ? error.kind : 'badData';
    if (kind === 'busStuck') return problem('i2cStuck');
    if (kind === 'busy') return problem('i2cKernel', { chip: name });
    if (kind === 'noAnswer') return problem('i2cSilent', { chip: name, address: at });
    return problem('i2cTrouble', { chip: name, why: firstLineOf(error) });
  }
}
