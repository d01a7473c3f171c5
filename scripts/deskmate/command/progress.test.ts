import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { Progress } from './progress.ts';

async function ran(isTTY: boolean, env: NodeJS.ProcessEnv, stopAt = -1) {
  const clock = new SimClock();
  const signals = new EventEmitter();
  let out = '';
  const write = (text: string) => {
    out += text;
  };
  const progress = new Progress({
    ...{ clock, env, signals, language: 'en', title: 'assign', total: 20 },
    stream: { isTTY, columns: 60, write },
  });
  for (let step = 1; step <= 20; step++) {
    await clock.advance(1_000);
    if (step === stopAt) signals.emit('SIGINT');
    progress.advance();
  }
  progress.end();
  progress.end();
  return { out, stopped: progress.stopped.aborted, listeners: signals.listenerCount('SIGINT') };
}

describe('progress', () => {
  it('is one line of a terminal, with counts and the time left', async () => {
    const { out, listeners } = await ran(true, {});
    expect(out).toContain('\rassign  [#####               ]  5/20  25%  15 s left\u001b[K');
    expect(out.endsWith('20/20  100%\u001b[K\n')).toBe(true);
    expect(out.split('\n')).toHaveLength(2);
    expect(listeners).toBe(0);
  });

  it.each([
    ['a pipe', false, {}],
    ['a dumb terminal', true, { TERM: 'dumb' }],
  ])('is a few plain lines on %s', async (_, isTTY, env) => {
    const { out } = await ran(isTTY, env);
    expect(out.includes('\r') || out.includes('\u001b')).toBe(false);
    expect(out.split('\n').length).toBeLessThanOrEqual(13);
    expect(out).toContain('assign: 10/20  50%  10 s left\n');
  });

  it('ends cleanly on Ctrl-C', async () => {
    const { out, stopped, listeners } = await ran(true, {}, 8);
    expect({ stopped, listeners }).toEqual({ stopped: true, listeners: 0 });
    expect(out.endsWith('\r\u001b[Kstopped at 7 of 20\n')).toBe(true);
  });
});
