import { CalibrationError, parseCalibration } from '../../../../hal/boards/calibration.ts';
import {
  type Check,
  type Finding,
  notExamined,
  ok,
  problem,
  type Read,
  warning,
} from '../check.ts';
import type { HostProbe } from '../host-probe.ts';
import { bodyFaults } from '../subject.ts';

export const board: Check = {
  name: 'board',
  withinMs: 1_000,
  async run(_machine, { board, boardWhy }) {
    if (board) return [ok('boardOk', { name: board.name })];
    return [boardWhy ? problem('boardUnknown', { why: boardWhy }) : problem('boardNone')];
  },
};

export const config: Check = {
  name: 'config',
  withinMs: 2_000,
  async run(machine, subject) {
    const { firmware, media, agent, boardAsked } = subject;
    // A board given on the command line may be examined where nothing is installed.
    const none = [firmware, media, agent].every(({ kind }) => kind === 'missing');
    if (boardAsked && none) return [notExamined('configNone')];
    const found = [firmware, media, agent].flatMap(ofFile);
    found.push(...bodyFaults(subject, 'config').filter(isNews));
    const turns = subject.board?.i2c?.servos != null;
    if (turns && firmware.kind === 'read')
      found.push(await ofCalibration(machine, firmware.config.calibration));
    return found;
  },
};

/** A missing calibration is reported for its file. */
const isNews = ({ values }: Finding): boolean => values.fault !== 'notCalibrated';

function ofFile(read: Read<unknown>): Finding[] {
  const { file } = read;
  switch (read.kind) {
    case 'read': {
      const strange = (read.notes ?? []).map((note) => warning('configStrange', note));
      return strange.length > 0 ? strange : [ok('configOk', { file })];
    }
    case 'missing':
      return [problem('configMissing', { file })];
    case 'denied':
      return [problem('configDenied', { file })];
    case 'wrong':
      return [problem('configWrong', { why: read.why, file })];
  }
}

async function ofCalibration(machine: HostProbe, file: string): Promise<Finding> {
  const read = await machine.read(file);
  if (!read.ok)
    return read.code === 'EACCES'
      ? problem('configDenied', { file })
      : warning('calibrationMissing');
  try {
    parseCalibration(read.text, file);
    return ok('calibrationOk');
  } catch (error) {
    if (!(error instanceof CalibrationError)) throw error;
    return problem('calibrationWrong', { why: error.message.replace(/; run `.*$/, '.') });
  }
}
