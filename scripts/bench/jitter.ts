/**
 * Jitter of firmware's 100 Hz loop while a lesson streams on the same machine, at real-time and at
 * normal priority, compared with a bare timer of the same period at the same time; and the latency
 * of a look command from the agent's data channel to the servo driver.
 */
import { spawn, spawnSync } from 'node:child_process';
import { z } from 'zod';
import { type Bench, result } from './result.ts';
import { SimSession } from './sim-session.ts';

const ROUNDS = 3;
const ROUND_MS = 12_000;
const COMMAND_LIMIT_MS = 2;

const Percentiles = z.looseObject({ count: z.number().optional(), p99Ms: z.number() });
const Statistics = z.looseObject({
  ticks: z.number(),
  jitter: Percentiles,
  commandToWrite: Percentiles,
});

/** Prints how late a bare 10 ms timer is at p99, milliseconds. */
const BARE_TIMER = `
const late = [];
const now = () => Number(process.hrtime.bigint()) / 1e6;
const end = now() + Number(process.argv[1]);
let due = now() + 10;
const beat = () => {
  const t = now();
  late.push(Math.abs(t - due));
  due = Math.max(due + 10, t);
  if (t < end) setTimeout(beat, Math.max(0, due - now()));
  else console.log(late.sort((a, b) => a - b)[Math.floor(late.length * 0.99)]);
};
setTimeout(beat, 10);`;

export const jitterBench: Bench = async ({ log }) => {
  const jitter: Record<'realTime' | 'normal' | 'bareRealTime' | 'bareNormal', number[]> = {
    realTime: [],
    normal: [],
    bareRealTime: [],
    bareNormal: [],
  };
  const commands: number[] = [];
  const session = await SimSession.open();
  try {
    await session.pupil.goToClass();
    for (let round = 0; round < ROUNDS; round++) {
      const fast = await measure(session, true);
      const slow = await measure(session, false);
      jitter.realTime.push(fast.jitter);
      jitter.bareRealTime.push(fast.bare);
      jitter.normal.push(slow.jitter);
      jitter.bareNormal.push(slow.bare);
      commands.push(fast.commandToWrite);
      log(
        `round ${round + 1}: tick ${fast.jitter.toFixed(2)} ms, normal priority ${slow.jitter.toFixed(2)} ms, ` +
          `bare timer ${fast.bare.toFixed(2)} / ${slow.bare.toFixed(2)} ms, command ${fast.commandToWrite.toFixed(2)} ms`,
      );
    }
  } finally {
    await session.close();
  }
  return [
    result('tick_jitter_p99', 'ms', jitter.realTime, {
      normal_priority: jitter.normal,
      bare_timer_real_time: jitter.bareRealTime,
      bare_timer_normal: jitter.bareNormal,
    }),
    result('command_to_write_p99', 'ms', commands, { limit: [COMMAND_LIMIT_MS] }),
  ];
};

interface Measured {
  readonly jitter: number;
  readonly bare: number;
  readonly commandToWrite: number;
}

/** A firmware process that is fresh, so that its statistics are of this round alone. */
async function measure(session: SimSession, realTime: boolean): Promise<Measured> {
  const before = await session.pid('firmware');
  process.kill(before, 'SIGKILL');
  const pid = await fresh(session, before);
  if (!realTime) demote(pid);
  await session.pupil.page.waitForTimeout(2_000);
  const [bare] = await Promise.all([bareTimer(realTime), session.lookAround(ROUND_MS)]);
  process.kill(pid, 'SIGUSR2');
  await session.pupil.page.waitForTimeout(500);
  const said = Statistics.parse(await session.logged('firmware', 'loop statistics'));
  if (said.ticks < ROUND_MS / 20) throw new Error(`firmware counted only ${said.ticks} ticks`);
  return { jitter: said.jitter.p99Ms, bare, commandToWrite: said.commandToWrite.p99Ms };
}

async function fresh(session: SimSession, before: number): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    await session.pupil.page.waitForTimeout(100);
    const pid = await session.pid('firmware').catch(() => before);
    if (pid !== before) return pid;
  }
  throw new Error('firmware was not started again within 10 s');
}

/** All threads of the process to normal scheduling. */
function demote(pid: number): void {
  const { status } = spawnSync('chrt', ['--all-tasks', '--other', '--pid', '0', String(pid)]);
  if (status !== 0) throw new Error('chrt cannot change the priority of firmware; run as root');
}

function bareTimer(realTime: boolean): Promise<number> {
  const words = [process.execPath, '-e', BARE_TIMER, String(ROUND_MS)];
  const [command = '', ...args] = realTime ? ['chrt', '-f', '50', ...words] : words;
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (bytes: Buffer) => resolve(Number(bytes.toString())));
    child.once('error', reject);
  });
}
