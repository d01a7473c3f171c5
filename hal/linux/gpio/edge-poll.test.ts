import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { EdgePoll } from './edge-poll.ts';

const EPOLLIN = 1;
const EPOLLHUP = 16;
type Wake = (error: Error | null, descriptor: number, events: number) => void;

describe('waiting for the edges of a line', () => {
  let descriptor = -1;
  let wake: Wake = () => {};
  let ended: string[] = [];
  let removed = 0;
  const epoll = {
    Epoll: class {
      static readonly EPOLLIN = EPOLLIN;
      constructor(onEvent: Wake) {
        wake = onEvent;
      }
      add(): void {}
      remove(): void {
        removed += 1;
      }
      close(): void {}
    },
  };
  beforeEach(() => {
    descriptor = openSync(devNull, 'r');
    ended = [];
    removed = 0;
  });
  afterEach(() => closeSync(descriptor));

  const poll = (fd = descriptor): EdgePoll =>
    new EdgePoll(
      { descriptor: fd, epoll, clock: new SimClock() },
      () => {},
      (why) => ended.push(why),
    );

  it('says when it ends by itself, once, and why', () => {
    poll();
    wake(null, descriptor, EPOLLHUP);
    wake(null, descriptor, EPOLLHUP);
    expect([ended, removed]).toEqual([['its chip is gone'], 1]);
    poll();
    wake(new Error('EBADF'), descriptor, 0);
    expect(ended[1]).toContain('EBADF');
    poll(9_999);
    wake(null, 9_999, EPOLLIN);
    expect(ended[2]).toContain('EBADF');
    expect(ended).toHaveLength(3);
  });

  it('says nothing when it is told to end', () => {
    const waiting = poll();
    waiting.stop();
    wake(null, descriptor, EPOLLHUP);
    expect([ended, removed]).toEqual([[], 1]);
  });
});
