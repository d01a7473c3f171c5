/**
 * Kills agent, media process and firmware, by SIGTERM and SIGKILL, while a pupil is in class; in
 * every third round during a teacher's pause. Required: the lesson resumes by itself, the camera is
 * off soon after agent or media have ended and stays off during a pause, and each session yields
 * exactly one record.
 */
import { delay } from '../../hal/ports/clock.ts';
import { type Figure, figure, type HostileRun } from './run.ts';
import { Scene, type Victim } from './scene.ts';

/** Firmware guarantees 500 ms after the agent's last message; the rest is observation latency. */
const DARK_MS = 1_000;
/** A process that ran this long is restarted at once, as on the robot; otherwise after a delay. */
const PROVEN_S = 10;
/** Messages in flight at the kill have arrived by then. */
const ON_ITS_WAY_MS = 300;

const VICTIMS = ['agent', 'media', 'firmware'] as const;

interface Kill {
  readonly victim: Victim;
  readonly signal: 'SIGKILL' | 'SIGTERM';
  readonly paused: boolean;
}

interface Seen extends Kill {
  readonly recoveredMs: number;
  /** From the kill to a dark camera; undefined when it was dark before. */
  readonly darkMs: number | undefined;
  /** The camera had power though the teacher had paused. */
  readonly lit: boolean;
}

export const kills: HostileRun = async ({ count, log }) => {
  const scene = await Scene.open();
  const seen: Seen[] = [];
  try {
    for (let n = 0; n < VICTIMS.length * count; n++) {
      const one = await attempt(scene, killOf(n));
      seen.push(one);
      log(`${n + 1}/${VICTIMS.length * count} ${describe(one)}`);
    }
  } finally {
    await scene.close();
  }
  const facts = recordsOf(scene, seen);
  return { figures: figuresOf(seen), broken: brokenBy(seen, facts), facts };
};

function killOf(n: number): Kill {
  const round = Math.floor(n / VICTIMS.length);
  return {
    victim: VICTIMS[n % VICTIMS.length] ?? 'agent',
    signal: round % 2 === 0 ? 'SIGKILL' : 'SIGTERM',
    paused: round % 3 === 2,
  };
}

async function attempt(scene: Scene, kill: Kill): Promise<Seen> {
  const { clock, pupil, world } = scene;
  const inLesson = (): boolean => scene.inPhase('live') && scene.cameraOn;
  await scene.until('the pupil is in class', inLesson);
  const proven = async (): Promise<boolean> =>
    (await scene.process(kill.victim)).seconds >= PROVEN_S && inLesson();
  await scene.until(`${kill.victim} has proven itself`, proven);
  if (kill.paused) await scene.press('paused');
  const { pid } = await scene.process(kill.victim);
  if (pid === null) throw new Error(`${kill.victim} is not there to be killed`);

  const { partings } = scene;
  const startMs = clock.now();
  let darkMs: number | undefined;
  let lit = false;
  const unwatch = world.onState(({ cameraRail }) => {
    if (!cameraRail && !kill.paused) darkMs ??= clock.now() - startMs;
    if (cameraRail && kill.paused) lit = true;
  });
  process.kill(pid, kill.signal);
  await delay(clock, ON_ITS_WAY_MS);
  const { changes } = pupil;
  await scene.until(`the lesson is back after ${kill.victim} got ${kill.signal}`, async () => {
    // A page notices a dead agent only after a time-out.
    if (kill.victim !== 'firmware' && scene.partings === partings) return false;
    if (!scene.inPhase(kill.paused ? 'paused' : 'live')) return false;
    if (!kill.paused && (darkMs === undefined || !scene.cameraOn || pupil.changes < changes + 2))
      return false;
    const now = await scene.process(kill.victim);
    return now.state === 'running' && now.pid !== pid;
  });
  const recoveredMs = clock.now() - startMs;
  unwatch();
  if (kill.paused) await scene.press('live');
  return { ...kill, recoveredMs, darkMs, lit };
}

const describe = ({ victim, signal, paused, recoveredMs, darkMs }: Seen): string =>
  `${victim} ${signal}${paused ? ' while paused' : ''}: back after ${Math.round(recoveredMs)} ms` +
  (darkMs === undefined ? '' : `, camera dark after ${Math.round(darkMs)} ms`);

function figuresOf(seen: readonly Seen[]): Figure[] {
  return VICTIMS.flatMap((victim) =>
    (['SIGKILL', 'SIGTERM'] as const).flatMap((signal) => {
      const these = seen.filter((one) => one.victim === victim && one.signal === signal);
      if (these.length === 0) return [];
      const dark = these.flatMap(({ darkMs }) => darkMs ?? []);
      return [
        figure(
          `${victim} ${signal}: lesson back`,
          these.map(({ recoveredMs }) => recoveredMs),
        ),
        ...(dark.length > 0 ? [figure(`${victim} ${signal}: camera dark`, dark)] : []),
      ];
    }),
  );
}

/** Each agent that ended also ended a session; the pupil ended the last one. */
function recordsOf({ records }: Scene, seen: readonly Seen[]): Record<string, number> {
  const ids = new Set(records.map(({ id }) => id));
  return {
    sessions: seen.filter(({ victim }) => victim === 'agent').length + 1,
    records: ids.size,
    sentTwice: records.length - ids.size,
  };
}

function brokenBy(seen: readonly Seen[], facts: Readonly<Record<string, number>>): string[] {
  const broken: string[] = [];
  for (const one of seen) {
    if (one.lit) broken.push(`the camera had power in a pause: ${describe(one)}`);
    if (one.victim !== 'firmware' && (one.darkMs ?? 0) > DARK_MS)
      broken.push(`the camera stayed on without the process that is needed: ${describe(one)}`);
  }
  if (facts.records !== facts.sessions)
    broken.push(`${facts.sessions} sessions came to ${facts.records} records`);
  return broken;
}
