import { describe, expect, it } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import type { ButtonChange } from '../ports/body.ts';
import { Debounce } from './debounce.ts';

/** Edges, milliseconds ago, that a process hears of together once it goes on. */
async function heardTogether(edges: readonly number[], initial = false): Promise<ButtonChange[]> {
  const clock = new SimClock();
  await clock.advance(10_000);
  const changes: ButtonChange[] = [];
  const debounce = new Debounce(clock, initial, (change) => changes.push(change));
  const heardMs = clock.now();
  for (const [i, agoMs] of edges.entries())
    debounce.see(i % 2 === 0 ? !initial : initial, heardMs - agoMs);
  await clock.advance(100);
  return changes.map(({ pressed, atMs }) => ({ pressed, atMs: atMs - heardMs }));
}

describe('edges that waited for a process that was held up', () => {
  it('of a press and its release are both', async () => {
    expect(await heardTogether([2_000, 1_880])).toEqual([
      { pressed: true, atMs: -2_000 },
      { pressed: false, atMs: -1_880 },
    ]);
  });

  it('that bounced are those of one finger, dated at the first of each burst', async () => {
    const down = [900, 898, 897, 890, 889];
    const up = [500, 499, 496];
    expect(await heardTogether([...down, ...up])).toEqual([
      { pressed: true, atMs: -900 },
      { pressed: false, atMs: -500 },
    ]);
  });

  it('of three presses are three, and a spark between them is none', async () => {
    const edges = [3_000, 2_900, 2_000, 1_995, 1_500, 1_400, 700, 600];
    const changes = await heardTogether(edges);
    expect(changes.map(({ atMs }) => atMs)).toEqual([-3_000, -2_900, -1_500, -1_400, -700, -600]);
  });

  it('of a release and the next press while it was held, too', async () => {
    const changes = await heardTogether([800, 400], true);
    expect(changes.map(({ pressed }) => pressed)).toEqual([false, true]);
  });
});
