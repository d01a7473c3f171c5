import { describe, expect, it } from 'vitest';
import { storageContract } from '../../hal/contract/storage.ts';
import { SimClock } from '../time/sim-clock.ts';
import { MemoryStorage } from './memory-storage.ts';

storageContract('in memory', async () => {
  const storage = new MemoryStorage();
  return {
    storage,
    reopen: async () => storage,
    tear: async (name, half) => storage.leaveHalfLine(name, half),
    pass: async () => {},
    now: () => 0,
    close: async () => {},
  };
});

describe('memory storage with a slow disk', () => {
  const make = (seed: number) => {
    const clock = new SimClock();
    return { clock, storage: new MemoryStorage({ clock, seed, syncMs: 8 }) };
  };
  /** What the call has come to by now. */
  const outcome = (call: Promise<unknown>) => {
    const seen = { ended: false };
    void call.then(() => {
      seen.ended = true;
    });
    return seen;
  };

  it('keeps what resolved over a power cut and loses what did not', async () => {
    const { clock, storage } = make(1);
    const first = outcome(storage.write('state.json', 'old'));
    await clock.advance(8);
    expect(first.ended).toBe(true);
    const second = outcome(storage.write('state.json', 'new'));
    await clock.advance(7);
    storage.cutPower();
    await clock.advance(100);
    expect(second.ended).toBe(false);
    expect(await storage.read('state.json')).toBe('old');
  });

  it('may tear the line that was under way, and never one that was told done', async () => {
    let torn = 0;
    for (let seed = 0; seed < 30; seed++) {
      const { clock, storage } = make(seed);
      void storage.append('usage.log', 'kept');
      await clock.advance(8);
      void storage.append('usage.log', 'a longer line that is lost');
      void storage.append('usage.log', 'never begun');
      await clock.advance(3);
      storage.cutPower();
      expect(await storage.readLines('usage.log')).toEqual(['kept']);
      if ((await storage.read('usage.log')) !== 'kept\n') torn += 1;
      void storage.append('usage.log', 'after');
      await clock.advance(8);
      expect(await storage.readLines('usage.log')).toEqual(['kept', 'after']);
    }
    expect(torn).toBeGreaterThan(10);
  });
});
