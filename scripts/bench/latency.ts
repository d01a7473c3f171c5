import { messageOf } from '../../hal/common/errors.ts';
import { median } from '../../hal/common/statistics.ts';
import { BenchBrowser, PageServer } from './latency/browser.ts';
import type { PictureSize } from './latency/picture.ts';
import { type Round, runRound } from './latency/round.ts';
import { chromiumSender, gstreamerSender, oursSender, type Sender } from './latency/senders.ts';
import { type Result, result } from './result.ts';

const SIZES: Record<string, PictureSize> = {
  '480p': { width: 640, height: 480 },
  '720p': { width: 1280, height: 720 },
};

export interface LatencyOptions {
  readonly rounds?: number;
  readonly secondsPerRound?: number;
  readonly log: (line: string) => void;
}

/**
 * Camera timestamp to presented pixel in headless Chromium, and what sending costs: our sending
 * path beside Chromium's and GStreamer's. All send the same picture to the same page with the same
 * settings, in turn, each round on a new connection.
 */
export async function latencyBench(options: LatencyOptions): Promise<Result[]> {
  const { rounds = 5, secondsPerRound = 6, log } = options;
  const server = await PageServer.start();
  const pupil = await BenchBrowser.launch(server.url);
  const senders: Sender[] = [];
  const taken: Taken[] = [];
  try {
    const ours = oursSender();
    senders.push(ours, await chromiumSender(server.url));
    const gstreamer = await gstreamerSender(log);
    if (gstreamer) senders.push(gstreamer);
    for (let round = 1; round <= rounds; round += 1) {
      for (const [label, size] of Object.entries(SIZES)) {
        // The order rotates, so that none profits from its position.
        for (const sender of rotated(senders, round)) {
          const name = `round ${round}/${rounds} ${label} ${sender.name.padEnd(9)}`;
          try {
            const figures = await runRound(pupil.page, sender, size, secondsPerRound);
            taken.push({ sender: sender.name, label, figures });
            log(`${name} ${describe(figures)}`);
          } catch (error) {
            // A busy machine spoils single rounds; the medians leave them out.
            log(`${name} left out: ${messageOf(error)}`);
          }
        }
      }
    }
    expectAll(taken, senders);
    return Object.keys(SIZES).flatMap((label) => resultsOf(label, taken, ours.name));
  } finally {
    for (const sender of senders) await sender.close();
    await pupil.close();
    await server.close();
  }
}

interface Taken {
  readonly sender: string;
  readonly label: string;
  readonly figures: Round;
}

/** A missing peer would distort the comparison. */
function expectAll(taken: readonly Taken[], senders: readonly Sender[]): void {
  for (const label of Object.keys(SIZES)) {
    for (const { name } of senders) {
      if (taken.some((each) => each.sender === name && each.label === label)) continue;
      throw new Error(`${name} at ${label}: no round worked; see the lines above`);
    }
  }
}

function resultsOf(label: string, taken: readonly Taken[], ours: string): Result[] {
  const here = taken.filter((each) => each.label === label);
  const row = (metric: string, unit: string, pick: (figures: Round) => number): Result => {
    const of = (name: string): number[] =>
      here.filter(({ sender }) => sender === name).map(({ figures }) => pick(figures));
    const others = [...new Set(here.map(({ sender }) => sender))].filter((name) => name !== ours);
    const peers = Object.fromEntries(others.map((name) => [name, of(name)]));
    return result(metric, unit, of(ours), peers);
  };
  return [
    row(`latency_${label}_p50`, 'ms', ({ latenciesMs }) => median(latenciesMs)),
    row(`encode_cpu_${label}`, '%', ({ cpuPercent }) => cpuPercent),
  ];
}

function describe({ latenciesMs, cpuPercent, ...figures }: Round): string {
  const ms = (value: number): string => value.toFixed(1);
  return (
    `${ms(median(latenciesMs))} ms (jitter buffer ${ms(figures.jitterBufferMs)}, ` +
    `assembly ${ms(figures.assemblyMs)}, decoding ${ms(figures.decodeMs)}), ` +
    `${Math.round(figures.kbps)} kbit/s, CPU ${ms(cpuPercent)} %, ${latenciesMs.length} frames`
  );
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}
