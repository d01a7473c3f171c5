import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Clock } from '../../ports/clock.ts';
import type { SyncReading, TimeKeeper } from '../../ports/time-keeper.ts';
import { SystemBus, systemBusAddress } from '../network/system-bus.ts';

const BOOT_ID = '/proc/sys/kernel/random/boot_id';
/** systemd-timesyncd touches it at each answer of a time server, 34 minutes apart at most. */
const STAMP = '/run/systemd/timesync/synchronized';
const STAMP_FRESH_MS = 2 * 2_048_000;
/** A stamp from the future was made before the clock was set back. */
const STAMP_AHEAD_MS = 5_000;

const TIMEDATE = 'org.freedesktop.timedate1';
const TIMEDATE_PATH = '/org/freedesktop/timedate1';

const PROGRAM_MS = 2_000;
/** chrony's own clock, when it was told to be a source itself (`local`): the truth of nobody. */
const CHRONY_LOCAL = '7F7F0101';
/** Fields of `chronyc -c tracking`. */
const [REFERENCE, STRATUM, LEAP] = [0, 2, 13];

export interface TimeKeeperOptions {
  readonly clock: Clock;
  /** The system's bus where it is left out. */
  readonly bus?: string;
  readonly stamp?: string;
  readonly bootId?: string;
  /** Runs a program; its output, or undefined when it failed or is not there. */
  readonly run?: (command: string, args: readonly string[]) => Promise<string | undefined>;
}

/**
 * Asks in the order of weight. The kernel knows best: `NTPSynchronized` of systemd's timedated is
 * the kernel's own estimate of its error, under 16 s (adjtimex(2), `maxerror`), which chronyd, ntpd
 * and timesyncd all keep up and any other setting of the clock puts to its maximum. Without systemd
 * chronyd is asked itself, then the stamp of timesyncd is looked for. When nobody answers, nothing
 * is known.
 */
export function systemTimeKeeper(options: TimeKeeperOptions): TimeKeeper {
  const { clock, stamp = STAMP, run = runProgram } = options;
  const address = options.bus ?? systemBusAddress(process.env);
  return {
    bootId: readBootId(options.bootId ?? BOOT_ID),
    read: async () =>
      (await byKernel(address, clock)) ??
      (await byChrony(run)) ??
      (await byStamp(stamp, clock)) ?? { synchronised: undefined, by: 'nobody' },
    close: () => {},
  };
}

/** One connection a question: they are minutes apart. */
async function byKernel(address: string, clock: Clock): Promise<SyncReading | undefined> {
  let bus: SystemBus | undefined;
  try {
    bus = await SystemBus.open(address, clock, () => {});
    const properties = await bus.propertiesOnDemand(TIMEDATE, TIMEDATE_PATH, TIMEDATE);
    const { NTPSynchronized: synchronised } = properties;
    return typeof synchronised === 'boolean' ? { synchronised, by: 'kernel' } : undefined;
  } catch {
    return undefined;
  } finally {
    bus?.close();
  }
}

async function byChrony(
  run: NonNullable<TimeKeeperOptions['run']>,
): Promise<SyncReading | undefined> {
  const fields = (await run('chronyc', ['-c', 'tracking']))?.trim().split(',') ?? [];
  const [reference, stratum, leap] = [fields[REFERENCE], Number(fields[STRATUM]), fields[LEAP]];
  if (leap === undefined) return undefined;
  const follows = reference !== CHRONY_LOCAL && stratum >= 1 && stratum <= 15;
  return { synchronised: follows && leap !== 'Not synchronised', by: 'chrony' };
}

async function byStamp(file: string, clock: Clock): Promise<SyncReading | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return undefined;
  const agoMs = clock.wall() - found.mtimeMs;
  const synchronised = agoMs >= -STAMP_AHEAD_MS && agoMs <= STAMP_FRESH_MS;
  return { synchronised, by: 'timesyncd' };
}

/** A machine that does not tell its boot gets a new one with each process: too careful, never wrong. */
function readBootId(file: string): string {
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (/^[0-9a-f-]{36}$/.test(text)) return text;
  } catch {
    // Said by what it returns.
  }
  return randomUUID();
}

function runProgram(command: string, args: readonly string[]): Promise<string | undefined> {
  const env = { ...process.env, LC_ALL: 'C' };
  return new Promise((resolve) => {
    execFile(command, [...args], { timeout: PROGRAM_MS, env }, (error, out) =>
      resolve(error ? undefined : out),
    );
  });
}
