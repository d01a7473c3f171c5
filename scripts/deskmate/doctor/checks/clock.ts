import { type Check, type Finding, ok, problem, warning } from '../check.ts';
import type { HostProbe } from '../host-probe.ts';

/** Earlier than this program's release; a clock before it was never set. */
const EARLIEST_YEAR = 2025;
const LATEST_YEAR = 2100;
/** Certificates and records depend on this clock; a synchronised one is far more accurate. */
const OFF_S = 30;

export const clock: Check = {
  name: 'clock',
  withinMs: 5_000,
  async run(machine) {
    const now = new Date(machine.wall());
    const time = `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    const year = now.getUTCFullYear();
    if (year < EARLIEST_YEAR || year > LATEST_YEAR) return [problem('clockWrong', { time })];
    const [synchronised, offsetS] = await Promise.all([isSynchronised(machine), offset(machine)]);
    const off: Finding[] =
      offsetS !== undefined && Math.abs(offsetS) > OFF_S
        ? [problem('clockOff', { seconds: Math.round(offsetS) })]
        : [];
    if (synchronised === undefined) return [...off, warning('clockUnknown', { time })];
    return [...off, synchronised ? ok('clockOk', { time }) : warning('clockUnsynced', { time })];
  },
};

/** Undefined when unknown. */
async function isSynchronised(machine: HostProbe): Promise<boolean | undefined> {
  const { code, out } = await machine.run(
    'timedatectl',
    'show',
    '-p',
    'NTPSynchronized',
    '--value',
  );
  const said = out.trim();
  if (code === 0 && (said === 'yes' || said === 'no')) return said === 'yes';
  const chrony = await chronySays(machine);
  if (chrony !== undefined) return chrony;
  // systemd-timesyncd creates this file when it has set the clock.
  const file = await machine.may('/run/systemd/timesync/synchronized', 'read');
  return file === 'yes' ? true : undefined;
}

/** Without systemd; a chronyd that is its own reference does not count (as in hal/linux/time). */
async function chronySays(machine: HostProbe): Promise<boolean | undefined> {
  const { code, out } = await machine.run('chronyc', '-c', 'tracking');
  const [reference, , stratum, ...rest] = out.trim().split(',');
  const leap = rest[10];
  if (code !== 0 || leap === undefined) return undefined;
  return leap !== 'Not synchronised' && reference !== '7F7F0101' && Number(stratum) > 0;
}

/** Seconds, by chrony (5th field of `tracking` as CSV) or timesyncd (`Offset: +1.2ms`). */
async function offset(machine: HostProbe): Promise<number | undefined> {
  const chrony = await machine.run('chronyc', '-c', 'tracking');
  const fields = chrony.out.trim().split(',');
  if (chrony.code === 0 && fields.length > 5) return Number(fields[4]);
  const { out } = await machine.run('timedatectl', 'timesync-status');
  const [, value, unit = ''] = /Offset: ([+-]?[\d.]+)(us|ms|s|min)/.exec(out) ?? [];
  const scale: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, min: 60 };
  return value === undefined ? undefined : Number(value) * (scale[unit] ?? 1);
}
