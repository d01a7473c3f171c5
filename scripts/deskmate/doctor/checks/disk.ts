import { type Check, type Finding, ok, problem, warning } from '../check.ts';
import type { Space } from '../host-probe.ts';

const MB = 1024 * 1024;
/** Below the first, usage records may be lost; the second is an early warning. */
const FULL_BYTES = 50 * MB;
const LOW_BYTES = 500 * MB;
const LOW_INODES = 0.03;
const DATA_FOLDER = '/var/lib/deskmate';

export const disk: Check = {
  name: 'disk',
  withinMs: 3_000,
  async run(machine, { agent }) {
    const path = agent.kind === 'read' ? agent.config.data : DATA_FOLDER;
    const space = await machine.space(path);
    return space ? ofSpace(space) : [warning('diskUnknown', { path })];
  },
};

function ofSpace(space: Space): Finding[] {
  const { freeBytes, totalBytes, freeInodes, totalInodes, readOnly, mount } = space;
  const size = { free: bytes(freeBytes), total: bytes(totalBytes), mount };
  return [
    ...(readOnly ? [problem('diskReadOnly', { mount })] : []),
    ...(totalInodes > 0 && freeInodes < LOW_INODES * totalInodes
      ? [problem('diskInodes', { mount })]
      : []),
    freeBytes < FULL_BYTES
      ? problem('diskFull', size)
      : freeBytes < LOW_BYTES
        ? warning('diskLow', size)
        : ok('diskOk', size),
  ];
}

function bytes(count: number): string {
  const mb = count / MB;
  return mb < 1024 ? `${Math.round(mb)} MB` : `${(mb / 1024).toFixed(1)} GB`;
}
