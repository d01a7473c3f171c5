/** Memory and processor time of both processes while a lesson streams at 1280x720. */
import { readFile } from 'node:fs/promises';
import { type Bench, result } from './result.ts';
import { SimSession } from './sim-session.ts';

const SAMPLES = 10;
const SAMPLE_MS = 2_000;
const WARM_UP_MS = 15_000;
/** Linux counts processor time in hundredths of a second (USER_HZ). */
const MS_PER_CPU_TICK = 10;
const LIMIT_MB = { agent: 220, firmware: 80 } as const;

interface Sample {
  readonly rssMb: number;
  readonly cpuMs: number;
}

export const footprintBench: Bench = async ({ log }) => {
  const session = await SimSession.open();
  const memory = { agent: [] as number[], firmware: [] as number[] };
  const load = { agent: [] as number[], firmware: [] as number[] };
  try {
    const { pupil } = session;
    await pupil.goToClass();
    await pupil.page.click('#sound');
    await pupil.page.click('#picture-720p');
    await pupil.page.keyboard.press('Escape');
    await pupil.page.waitForFunction(() => document.querySelector('video')?.videoWidth === 1280);
    await pupil.page.waitForTimeout(WARM_UP_MS);
    const pids = { agent: await session.pid('agent'), firmware: await session.pid('firmware') };
    for (const name of ['agent', 'firmware'] as const) {
      let last = await sample(pids[name]);
      for (let run = 0; run < SAMPLES; run++) {
        await pupil.page.waitForTimeout(SAMPLE_MS);
        const now = await sample(pids[name]);
        memory[name].push(now.rssMb);
        load[name].push(((now.cpuMs - last.cpuMs) / SAMPLE_MS) * 100);
        last = now;
      }
    }
  } finally {
    await session.close();
  }
  log('the agent of the simulator also draws the classroom and holds its textures');
  return [
    result('agent_rss', 'MB', memory.agent, { limit: [LIMIT_MB.agent] }),
    result('firmware_rss', 'MB', memory.firmware, { limit: [LIMIT_MB.firmware] }),
    result('agent_cpu', '%', load.agent, { one_core: [100] }),
    result('firmware_cpu', '%', load.firmware, { one_core: [100] }),
  ];
};

async function sample(pid: number): Promise<Sample> {
  const [status, stat] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
  ]);
  const rssKb = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  // Behind the name in brackets: fields 14 and 15 are user and system time (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    rssMb: rssKb / 1024,
    cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_CPU_TICK,
  };
}
