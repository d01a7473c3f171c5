/** Memory and processor time of the robot's processes while a lesson streams at 1280x720. */
import { readFile } from 'node:fs/promises';
import { type Bench, result } from './result.ts';
import { SimSession } from './sim-session.ts';

const SAMPLES = 10;
const SAMPLE_MS = 2_000;
const WARM_UP_MS = 15_000;
/** Linux counts processor time in hundredths of a second (USER_HZ). */
const MS_PER_CPU_TICK = 10;
const NAMES = ['agent', 'media', 'firmware'] as const;
const LIMIT_MB = { agent: 110, media: 200, firmware: 80 } as const;
/**
 * Of agent and media together, proportional set size: pages that both map (Node itself) count once.
 * They were one process of 169 MB; the separation may cost 40.
 */
const TOGETHER_LIMIT_MB = 209;

interface Sample {
  readonly rssMb: number;
  readonly pssMb: number;
  readonly cpuMs: number;
}

export const footprintBench: Bench = async ({ log }) => {
  const session = await SimSession.open();
  const none = () => ({ agent: [] as number[], media: [] as number[], firmware: [] as number[] });
  const [memory, shared, load] = [none(), none(), none()];
  try {
    const { pupil } = session;
    await pupil.goToClass();
    await pupil.page.click('#sound');
    await pupil.page.click('#picture-720p');
    await pupil.page.keyboard.press('Escape');
    await pupil.page.waitForFunction(() => document.querySelector('video')?.videoWidth === 1280);
    await pupil.page.waitForTimeout(WARM_UP_MS);
    for (const name of NAMES) {
      const pid = await session.pid(name);
      let last = await sample(pid);
      for (let run = 0; run < SAMPLES; run++) {
        await pupil.page.waitForTimeout(SAMPLE_MS);
        const now = await sample(pid);
        memory[name].push(now.rssMb);
        shared[name].push(now.pssMb);
        load[name].push(((now.cpuMs - last.cpuMs) / SAMPLE_MS) * 100);
        last = now;
      }
    }
  } finally {
    await session.close();
  }
  log('the media process of the simulator also draws the classroom and holds its textures');
  const together = shared.agent.map((pssMb, run) => pssMb + (shared.media[run] ?? Number.NaN));
  return [
    ...NAMES.map((name) => result(`${name}_rss`, 'MB', memory[name], { limit: [LIMIT_MB[name]] })),
    result('agent_and_media_pss', 'MB', together, { limit: [TOGETHER_LIMIT_MB] }),
    ...NAMES.map((name) => result(`${name}_cpu`, '%', load[name], { one_core: [100] })),
  ];
};

async function sample(pid: number): Promise<Sample> {
  const [rollup, stat] = await Promise.all([
    readFile(`/proc/${pid}/smaps_rollup`, 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
  ]);
  const mb = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1]) / 1024;
  // Behind the name in brackets: fields 14 and 15 are user and system time (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    rssMb: mb('Rss'),
    pssMb: mb('Pss'),
    cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_CPU_TICK,
  };
}
