import { describe, expect, it } from 'vitest';
import { Random } from '../time/random.ts';
import { SimClock } from '../time/sim-clock.ts';
import { BadLink, GOOD_NETWORK, type LinkSetting } from './bad-link.ts';

function setUp(setting: Partial<LinkSetting>) {
  const clock = new SimClock();
  const random = new Random(7);
  const link = new BadLink(clock, () => random.next(), { ...GOOD_NETWORK, ...setting });
  const start = clock.now();
  const arrived: { id: number; atMs: number }[] = [];
  const send = (id: number, bytes = 1_000): void =>
    link.carry(bytes, () => arrived.push({ id, atMs: clock.now() - start }));
  return { clock, link, arrived, send };
}

describe('BadLink', () => {
  it('is not there when it is good', () => {
    const { arrived, send } = setUp({});
    send(1);
    expect(arrived).toEqual([{ id: 1, atMs: 0 }]);
  });

  it('delays each packet alike and keeps their order', async () => {
    const { clock, arrived, send } = setUp({ delayMs: 80 });
    send(1);
    await clock.advance(10);
    send(2);
    await clock.advance(100);
    expect(arrived).toEqual([
      { id: 1, atMs: 80 },
      { id: 2, atMs: 90 },
    ]);
  });

  it('carries as many bits as it has, and drops what would wait too long', async () => {
    const { clock, link, arrived, send } = setUp({ kbps: 400 });
    for (let id = 0; id < 100; id++) send(id); // 800 kbit at once
    await clock.advance(1_000);
    // 20 ms a packet; a quarter of a second of queue.
    expect(arrived.length).toBe(13);
    expect(arrived.at(-1)?.atMs).toBe(260);
    expect(link.dropped).toBe(87);
  });

  it('loses about the share that it should', () => {
    const { link, send } = setUp({ lossRatio: 0.1 });
    for (let id = 0; id < 2_000; id++) send(id);
    expect(link.dropped).toBeGreaterThan(150);
    expect(link.dropped).toBeLessThan(250);
    expect(link.carried + link.dropped).toBe(2_000);
  });

  it('is good again at once when it is mended', async () => {
    const { clock, link, arrived, send } = setUp({ delayMs: 400, kbps: 16 });
    send(1);
    link.set(GOOD_NETWORK);
    send(2);
    expect(arrived.map(({ id }) => id)).toEqual([2]);
    await clock.advance(2_000);
    expect(arrived).toHaveLength(2);
  });
});
