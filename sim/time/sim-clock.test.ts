import { describe, expect, it } from 'vitest';
import { SimClock } from './sim-clock.ts';

describe('SimClock', () => {
  it('fires timers in order of time, then of making', async () => {
    const clock = new SimClock();
    const seen: string[] = [];
    clock.after(20, () => seen.push('late'));
    clock.after(10, () => seen.push('first'));
    clock.after(10, () => seen.push('second'));
    await clock.advance(30);
    expect(seen).toEqual(['first', 'second', 'late']);
  });

  it('keeps beats on their grid and stops when cancelled', async () => {
    const clock = new SimClock();
    const start = clock.now();
    const beats: number[] = [];
    const timer = clock.every(10, () => beats.push(clock.now() - start));
    await clock.advance(35);
    timer.cancel();
    await clock.advance(50);
    expect(beats).toEqual([10, 20, 30]);
  });

  it('lets wall time jump without touching monotonic time', async () => {
    const clock = new SimClock();
    const [now, wall] = [clock.now(), clock.wall()];
    clock.jumpWall(3_600_000);
    await clock.advance(5);
    expect(clock.now()).toBe(now + 5);
    expect(clock.wall()).toBe(wall + 3_600_005);
  });

  it('waits for promises that a timer started', async () => {
    const clock = new SimClock();
    let done = false;
    clock.after(1, async () => {
      for (let i = 0; i < 10; i++) await null;
      done = true;
    });
    await clock.advance(1);
    expect(done).toBe(true);
  });

  it('stands still while cryptography is at work, however long that takes', async () => {
    const clock = new SimClock();
    const start = clock.now();
    const name = 'PBKDF2';
    const secret = await crypto.subtle.importKey('raw', new Uint8Array(9), name, false, [
      'deriveBits',
    ]);
    const slow = { name, hash: 'SHA-256', salt: new Uint8Array(8), iterations: 100_000 };
    let doneAt = 0;
    clock.after(10, async () => {
      for (let n = 0; n < 3; n++) await crypto.subtle.deriveBits(slow, secret, 256);
      doneAt = clock.now();
    });
    await clock.advance(1_000);
    expect(doneAt).toBe(start + 10);
  });
});
