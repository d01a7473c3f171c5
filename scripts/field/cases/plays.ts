/** The scripts of the cases. */
import { delay } from '../../../hal/ports/clock.ts';
import { type Conditions, USUAL } from '../net/network.ts';
import { forgetGaps, type Seen } from '../pupils/probe.ts';
import { type Expected, whyNotThat } from './judge.ts';
import { goToClass, leave, lookUntil, type Outcome, type Stage, toLobby, wayOf } from './stage.ts';

export type Play = (stage: Stage) => Promise<Outcome>;

interface Joining {
  readonly conditions: Conditions;
  readonly expected: Expected;
  readonly limitMs: number;
  /** Without a microphone: the browser then hides the device's addresses behind mDNS names. */
  readonly listening?: boolean;
  /** Minimum frames in the second after the first one; default LEAST_FRAMES. */
  readonly leastFrames?: number;
}

/** Time in which a better path may still take over. */
const SETTLE_MS = 1_200;
/** Pictures come at 30/s; a machine that also draws them and plays the pupil shows some of them. */
const LEAST_FRAMES = 5;

/** Joins class on the expected path, with continuing video. */
export const joining =
  (join: Joining): Play =>
  async (stage) => {
    const { seen, ...outcome } = await arrive(stage, join);
    if (seen.screen === 'class') await leave(stage);
    return outcome;
  };

async function arrive(
  stage: Stage,
  { conditions, expected, limitMs, listening = false, leastFrames = LEAST_FRAMES }: Joining,
): Promise<Outcome & { seen: Seen }> {
  stage.network.apply(conditions);
  await stage.browser.grantMicrophone(!listening);
  await toLobby(stage);
  const first = await goToClass(stage, listening);
  const { firstPictureMs } = first;
  if (firstPictureMs === undefined)
    return { seen: first, way: undefined, firstPictureMs, troubles: [noPicture(first)] };
  await delay(stage.clock, SETTLE_MS);
  const seen = await lookUntil(stage, 0, () => true);
  const way = await wayOf(stage);
  const troubles = [
    whyNotThat(expected, way),
    seen.frames - first.frames < leastFrames && 'pictures do not go on',
    // The page retries once, which must not hide a failed path.
    first.calls > 1 && `it took ${first.calls} calls`,
  ].filter((one) => typeof one === 'string');
  const late = firstPictureMs > limitMs ? { note: `later than the goal of ${limitMs} ms` } : {};
  return { seen, way, firstPictureMs, troubles, ...late };
}

function noPicture({ screen, words }: Seen): string {
  return `no picture: the page ${screen === 'over' ? 'says' : `is at "${screen}" and says`} "${words}"`;
}

/** Time limit of the first picture after a network change. */
const AGAIN_MS = 15_000;

/** The pupil's device changes from Wi-Fi to the mobile network in the middle of a lesson. */
export const moving =
  (join: Joining, limitMs: number): Play =>
  async (stage) => {
    const { seen, ...outcome } = await arrive(stage, join);
    if (outcome.troubles.length > 0) return outcome;
    await stage.browser.tab.evaluate(forgetGaps, undefined);
    const before = seen.frames;
    stage.network.movePupil('mobile');
    const after = await again(stage, before);
    const way = await wayOf(stage);
    const troubles = [
      after.screen !== 'class' && `the lesson ended: ${after.words}`,
      after.longestGapMs > limitMs && `no picture for ${Math.round(after.longestGapMs)} ms`,
    ].filter((one) => typeof one === 'string');
    if (after.screen === 'class') await leave(stage);
    return { ...outcome, way, note: `picture away ${seconds(after.longestGapMs)}`, troubles };
  };

/** Pictures received on the new path: counted 1.5 s after the first. */
async function again(stage: Stage, before: number): Promise<Seen> {
  await delay(stage.clock, 1_000);
  const gone = await lookUntil(stage, 0, () => true);
  await lookUntil(
    stage,
    AGAIN_MS,
    (seen) => seen.screen !== 'class' || seen.frames > Math.max(before, gone.frames) + LEAST_FRAMES,
  );
  return lookUntil(stage, 0, () => true);
}

/** The broker crashes during class: the lesson continues, and the next one starts as usual. */
export const brokerDies =
  (join: Joining, deadMs: number, gapMs: number): Play =>
  async (stage) => {
    const { seen: _, ...outcome } = await arrive(stage, join);
    if (outcome.troubles.length > 0) return outcome;
    await stage.browser.tab.evaluate(forgetGaps, undefined);
    await stage.servers.killBroker();
    await delay(stage.clock, deadMs);
    await stage.servers.startBroker();
    await stage.robot.ready();
    const during = await lookUntil(stage, 0, () => true);
    if (during.screen === 'class') await leave(stage);
    const next = await arrive(stage, join);
    if (next.seen.screen === 'class') await leave(stage);
    const troubles = [
      during.screen !== 'class' && `the lesson ended: ${during.words}`,
      during.longestGapMs > gapMs && `no picture for ${Math.round(during.longestGapMs)} ms`,
      ...next.troubles.map((trouble) => `afterwards: ${trouble}`),
    ].filter((one) => typeof one === 'string');
    return { ...outcome, note: `picture away ${seconds(during.longestGapMs)}`, troubles };
  };

/** An uplink below the robot's initial bit rate: the rate adapts, and no queue builds up. */
export const narrow =
  (join: Joining, kbps: number, { forMs, gapMs, queueMs, framesPerS }: Bounds): Play =>
  async (stage) => {
    const conditions = { ...join.conditions, schoolUplinkKbps: kbps };
    const { seen, ...outcome } = await arrive(stage, { ...join, conditions, leastFrames: 0 });
    if (seen.screen !== 'class') return outcome;
    // The initial backlog has drained by then, and the bandwidth estimate has settled.
    await delay(stage.clock, 2_000);
    await stage.browser.tab.evaluate(forgetGaps, undefined);
    const before = await lookUntil(stage, 0, () => true);
    const queues: number[] = [];
    const untilMs = stage.clock.now() + forMs;
    const after = await lookUntil(stage, forMs, () => {
      queues.push((stage.network.schoolBacklog() * 8) / kbps);
      return stage.clock.now() > untilMs;
    });
    await leave(stage);
    const rate = ((after.frames - before.frames) * 1_000) / forMs;
    const waits = queues.sort((a, b) => a - b)[Math.floor(queues.length * 0.9)] ?? 0;
    const troubles = [
      ...outcome.troubles,
      after.screen !== 'class' && `the lesson ended: ${after.words}`,
      after.longestGapMs > gapMs && `no picture for ${Math.round(after.longestGapMs)} ms`,
      rate < framesPerS && `${rate.toFixed(1)} pictures a second`,
      waits > queueMs && `a packet waits ${Math.round(waits)} ms for the uplink`,
    ].filter((one) => typeof one === 'string');
    const note = [
      outcome.note,
      `${rate.toFixed(0)} pictures/s, ${Math.round(waits)} ms of queue, longest gap ${seconds(after.longestGapMs)}`,
    ];
    return { ...outcome, note: note.filter(Boolean).join('; '), troubles };
  };

interface Bounds {
  readonly forMs: number;
  /** Between two pictures. */
  readonly gapMs: number;
  /** Uplink queueing delay, 90th percentile; it delays sound too. */
  readonly queueMs: number;
  readonly framesPerS: number;
}

/** One end is behind a captive portal. A clear message must appear in time. */
export const portal =
  (where: 'home' | 'school', words: string, limitMs: number): Play =>
  async (stage) => {
    stage.network.apply(USUAL);
    await stage.browser.grantMicrophone(true);
    await toLobby(stage);
    stage.network.apply({ ...USUAL, [where]: { ...USUAL[where], lets: 'portal' } });
    await stage.browser.tab.press('#go');
    const seen = await lookUntil(stage, limitMs, ({ screen }) => screen === 'over');
    stage.network.apply(USUAL);
    const troubles = [
      seen.screen !== 'over' && `no word within ${seconds(limitMs)}`,
      seen.screen === 'over' && seen.words !== words && `it says "${seen.words}"`,
    ].filter((one) => typeof one === 'string');
    await stage.robot.ready();
    const note = `"${seen.words}" after ${seconds(seen.sincePressMs ?? 0)}`;
    return { way: undefined, firstPictureMs: undefined, note, troubles };
  };

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
