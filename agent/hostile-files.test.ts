/**
 * Every file that the agent keeps, truncated and with flipped bits, under the whole agent: it
 * starts, lets in nobody who was not bound, keeps out nobody who was while a copy is good, and
 * sends no record twice.
 */
import { describe, expect, it } from 'vitest';
import { MemoryStorage } from '../sim/testing/memory-storage.ts';
import { Random } from '../sim/time/random.ts';
import { SimClock } from '../sim/time/sim-clock.ts';
import { makeSigner } from './signalling/testing/raw-pupil.ts';
import { ROBOT, TestAgent } from './testing/test-agent.ts';
import { freshNonce, thumbprint } from './wire/token.ts';
import { topics } from './wire/topics.ts';

/** New for each run, and printed on failure. */
const seed = Math.floor(performance.timeOrigin) % 1_000_000;
const CUTS = 12;
const FLIPS = 12;

interface Kept {
  readonly files: ReadonlyMap<string, string>;
  readonly device: string;
  readonly robotKey: string;
}

/** A robot that has bound a device, stored a preset, and lost power during a lesson. */
async function usedRobot(): Promise<Kept> {
  const clock = new SimClock();
  const storage = new MemoryStorage();
  const it = new TestAgent(clock, storage);
  await it.agent.start();
  const { registry, robotKey } = it.agent.accessLoader.expect();
  const secret = freshNonce();
  await registry.invite(secret, 7);
  const { jwk } = await makeSigner();
  const device = await thumbprint(jwk);
  await registry.redeem(secret, { device, jwk }, () => true);
  it.broker.connect(false);
  await clock.advance(100);
  for (let lesson = 0; lesson < 3; lesson++) {
    await it.offer();
    it.peer.become('connected');
    await clock.advance(100);
    it.peer.say({ kind: 'storePreset', preset: 'board' });
    if (lesson < 2) it.peer.say({ kind: 'hangUp' });
    await clock.advance(2_000);
  }
  // One of two records is sent and marked as sent.
  storage.leave('usage.sent', `${(await idsIn(storage))[0]}\n`);
  return { files: new Map(storage.contents), device, robotKey };
}

async function idsIn(storage: MemoryStorage): Promise<string[]> {
  return (await storage.readLines('usage.jsonl')).map((line) => JSON.parse(line).id);
}

/** Starts the robot with these files and returns its state after some seconds. */
async function startedWith(files: ReadonlyMap<string, string>) {
  const clock = new SimClock();
  const storage = new MemoryStorage();
  for (const [name, text] of files) storage.leave(name, text);
  const it = new TestAgent(clock, storage);
  await it.agent.start();
  await clock.advance(2_000);
  const sent = it.broker.on(topics.usage(ROBOT)) as { id: string }[];
  return { access: it.agent.accessLoader.access, faults: it.agent.health.faults, sent };
}

function flipped(text: string, at: number, bit: number): string {
  const bytes = Buffer.from(text);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  return bytes.toString();
}

describe(`truncated and corrupted files (seed ${seed})`, () => {
  it('each alone', async () => {
    const { files, device, robotKey } = await usedRobot();
    const random = new Random(seed);
    const places = (text: string, count: number): number[] =>
      Array.from({ length: count }, () => Math.floor(random.next() * text.length));
    expect([...files.keys()].sort()).toEqual([
      ...['access.json', 'access.json.bak', 'presets.json', 'presets.json.bak'],
      ...['robot-keys.json', 'robot-keys.json.bak', 'time.json', 'time.json.bak'],
      ...['usage-open.json', 'usage-open.json.bak', 'usage.jsonl', 'usage.sent'],
    ]);
    for (const [name, text] of files) {
      const cuts = [0, text.length - 1, ...places(text, CUTS)].map((at) => text.slice(0, at));
      const flips = places(text, FLIPS).map((at) => flipped(text, at, at % 7));
      for (const damaged of [...cuts, ...flips]) {
        const { access, faults, sent } = await startedWith(new Map([...files, [name, damaged]]));
        const what = `${name}: ${JSON.stringify(damaged)}`;
        expect(access?.robotKey, what).toBe(robotKey);
        expect(
          access?.registry.devices().map((one) => one.device),
          what,
        ).toEqual([device]);
        expect(faults, what).toEqual([]);
        expect(new Set(sent.map(({ id }) => id)).size, what).toBe(sent.length);
        if (!name.startsWith('usage')) expect(sent, what).toHaveLength(2);
      }
    }
  });

  it('all of them at once: nobody is let in, and the fault is reported', async () => {
    const { files } = await usedRobot();
    const random = new Random(seed);
    for (let run = 0; run < 10; run++) {
      const damaged = [...files].map(
        ([name, text]) => [name, text.slice(0, Math.floor(random.next() * text.length))] as const,
      );
      const { access, faults } = await startedWith(new Map(damaged));
      expect(access).toBeUndefined();
      expect(faults).toEqual(['accessClosed']);
    }
  });
});
