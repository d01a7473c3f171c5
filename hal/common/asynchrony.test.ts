import { describe, expect, it } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { SerialQueue, within } from './asynchrony.ts';

describe('within', () => {
  it('is what the work ends with, and then no timer is left', async () => {
    const clock = new SimClock();
    const late = (): never => {
      throw new Error('late');
    };
    await expect(within(clock, 5, Promise.resolve(1), late)).resolves.toBe(1);
    await expect(within(clock, 5, Promise.reject(new Error('bad')), late)).rejects.toThrow('bad');
    await clock.advance(10);
  });

  it('is what `late` returns, throws or waits for', async () => {
    const clock = new SimClock();
    const never = new Promise<never>(() => {});
    const words = within(clock, 5, never, () => 'late');
    const error = within(clock, 5, never, () => {
      throw new Error('too late');
    }).catch(String);
    const later = within(clock, 5, never, async () => 'later');
    await clock.advance(5);
    expect(await Promise.all([words, error, later])).toEqual(['late', 'Error: too late', 'later']);
  });

  it('leaves a failure unseen that comes after its time', async () => {
    const clock = new SimClock();
    let fail = (_error: Error): void => {};
    const work = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const ended = within(clock, 5, work, () => 'late');
    await clock.advance(5);
    fail(new Error('nobody listens'));
    expect(await ended).toBe('late');
  });
});

describe('serial queue', () => {
  it('runs one act after the other, also after one that failed', async () => {
    const queue = new SerialQueue();
    const seen: string[] = [];
    const act = (name: string) => async (): Promise<string> => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      if (name === 'b') throw new Error(name);
      return name;
    };
    const all = await Promise.allSettled(['a', 'b', 'c'].map((name) => queue.run(act(name))));
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
