import { describe, expect, it } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { FLOOD_MS, PacedReader } from './paced-reader.ts';

function bench() {
  const clock = new SimClock();
  const seen: (string | undefined)[] = [];
  const state = { paused: false, floods: 0 };
  const source = {
    pause: () => {
      state.paused = true;
    },
    resume: () => {
      state.paused = false;
    },
  };
  const reader = new PacedReader(
    64,
    source,
    clock,
    (line) => seen.push(line),
    () => {
      state.floods += 1;
    },
  );
  return { clock, seen, state, reader };
}
const lines = (count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, (_, i) => `${i}\n`).join(''));

describe('reading a sender that may flood', () => {
  it('reads some lines a turn, pauses the sender meanwhile, and loses none', async () => {
    const { clock, seen, state, reader } = bench();
    reader.push(lines(100));
    expect(seen.length).toBeLessThanOrEqual(16);
    expect(state.paused).toBe(true);
    // Data already in flight.
    reader.push(Buffer.from('last\n'));
    expect(seen.length).toBeLessThanOrEqual(16);
    let before = seen.length;
    while (state.paused) {
      await clock.advance(5);
      expect(seen.length - before).toBeLessThanOrEqual(16);
      before = seen.length;
    }
    expect(seen).toEqual([...Array.from({ length: 100 }, (_, i) => `${i}`), 'last']);
    expect(state.floods).toBe(0);
  });

  it('counts successive small chunks towards one turn', async () => {
    const { clock, seen, state, reader } = bench();
    // A sender that waits each time until all was read: no chunk uses up a turn's quota.
    for (let piece = 0; piece < 20 && !state.paused; piece++) reader.push(lines(7));
    expect(seen.length).toBeLessThanOrEqual(16);
    expect(state.paused).toBe(true);
    for (let ms = 0; ms < 2 * FLOOD_MS; ms += 5) {
      while (!state.paused && state.floods === 0) reader.push(lines(7));
      await clock.advance(5);
    }
    expect(state.floods).toBe(1);
  });

  it('reads less a turn when lines take long, and loses none', async () => {
    const clock = new SimClock();
    let readingMs = 0;
    const seen: (string | undefined)[] = [];
    const reader = new PacedReader(
      64,
      { pause: () => {}, resume: () => {} },
      {
        now: () => clock.now() + readingMs,
        wall: () => clock.wall(),
        after: (ms, act) => clock.after(ms, act),
        every: (ms, act) => clock.every(ms, act),
      },
      (line) => {
        seen.push(line);
        readingMs += 0.9;
      },
      () => {},
    );
    reader.push(lines(16));
    expect(seen).toHaveLength(3);
    await clock.advance(100);
    expect(seen).toHaveLength(16);
  });

  it('reads what an agent sends at once', () => {
    const { seen, state, reader } = bench();
    reader.push(lines(10));
    reader.push(Buffer.from('half'));
    reader.push(Buffer.from(' a line\n'));
    expect(seen.at(-1)).toBe('half a line');
    expect(state.paused).toBe(false);
  });

  it.each([
    ['newlines', Buffer.alloc(64 * 1024, '\n')],
    ['bytes without an end', Buffer.alloc(64 * 1024, 'x')],
  ])('tells of a flood of %s that does not let up, and reads no more', async (_, block) => {
    const { clock, seen, state, reader } = bench();
    for (let ms = 0; ms < 3 * FLOOD_MS; ms += 5) {
      if (!state.paused) reader.push(block);
      await clock.advance(5);
    }
    expect(state.floods).toBe(1);
    const read = seen.length;
    reader.close();
    await clock.advance(1_000);
    expect(seen).toHaveLength(read);
  });

  it('does not treat bursts with pauses between them as a flood', async () => {
    const { clock, state, reader } = bench();
    for (let i = 0; i < 20; i++) {
      reader.push(lines(150));
      await clock.advance(1_000);
    }
    expect(state.floods).toBe(0);
  });
});
