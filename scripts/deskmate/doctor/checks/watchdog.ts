import { type Check, notExamined, ok, problem, warning } from '../check.ts';
import type { HostProbe } from '../host-probe.ts';
import { bodyFaults } from '../subject.ts';

export const watchdog: Check = {
  name: 'watchdog',
  withinMs: 3_000,
  async run(machine, subject) {
    const { board, firmwareRuns } = subject;
    const device = board?.kernel.watchdog;
    if (!device) return [board ? notExamined('notOnBoard') : notExamined('boardFirst')];
    if ((await machine.may(device, 'read')) === 'missing')
      return [warning('watchdogMissing', { device })];
    const folder = `/sys/class/watchdog/${device.replace('/dev/', '')}`;
    const [name, state] = await Promise.all([
      line(machine, `${folder}/identity`),
      line(machine, `${folder}/state`),
    ]);
    const holder = (await machine.holders(device)).find(({ pid }) => pid === 1);
    if (holder) return [problem('watchdogTaken', { device, holder: `${holder.name} (1)` })];
    const found = bodyFaults(subject, 'watchdog');
    if (firmwareRuns && state === 'inactive') found.push(problem('watchdogIdle', { device }));
    else found.push(ok('watchdogOk', { device, name: name || '?', state: state || '?' }));
    return found;
  },
};

async function line(machine: HostProbe, path: string): Promise<string> {
  const read = await machine.read(path);
  return read.ok ? read.text.trim() : '';
}
