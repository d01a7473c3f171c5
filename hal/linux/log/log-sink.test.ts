import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { SimClock } from '../../../sim/time/sim-clock.ts';
import { fileOutlet, LogSink, streamOutlet } from './log-sink.ts';

const MIB = 1024 * 1024;

/** A log that takes what it is told to. */
class FakeOutlet {
  text = '';
  tries = 0;
  /** Bytes that it takes of a chunk; undefined leaves the write unanswered. */
  takes: number | undefined = Number.POSITIVE_INFINITY;

  readonly write = (chunk: Buffer, done: (written: number) => void): void => {
    this.tries += 1;
    if (this.takes === undefined) return;
    const written = Math.min(this.takes, chunk.length);
    this.text += chunk.subarray(0, written).toString();
    queueMicrotask(() => done(written));
  };
}

const clock = new SimClock();
let outlet = new FakeOutlet();
let sink = new LogSink(outlet.write, clock);
const lost: number[] = [];
beforeEach(() => {
  outlet = new FakeOutlet();
  sink = new LogSink(outlet.write, clock);
  lost.length = 0;
  sink.onDropped((lines) => lost.push(lines));
});

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, n) => `line ${from + n}\n`).join('');

describe('log sink', () => {
  it('writes lines in order, also those that come while it writes', async () => {
    for (let n = 0; n < 50; n++) sink.write(`line ${n}\n`);
    await sink.end();
    expect(outlet.text).toBe(lines(0, 50));
    expect(outlet.tries).toBeLessThan(5);
  });

  it('writes on where an outlet stopped in the middle of a line', async () => {
    outlet.takes = 3;
    for (let n = 0; n < 20; n++) sink.write(`line ${n}\n`);
    await sink.end();
    expect(outlet.text).toBe(lines(0, 20));
  });

  it('keeps what a full disk refuses, and writes it when there is room again', async () => {
    outlet.takes = 0;
    for (let n = 0; n < 20; n++) sink.write(`line ${n}\n`);
    await clock.advance(60_000);
    expect(outlet.tries).toBeLessThanOrEqual(121);
    outlet.takes = Number.POSITIVE_INFINITY;
    await clock.advance(500);
    expect(outlet.text).toBe(lines(0, 20));
    expect(lost).toEqual([]);
  });

  it('keeps no more than 1 MiB, and says once how many lines were lost', async () => {
    outlet.takes = 0;
    const line = `${'x'.repeat(1023)}\n`;
    for (let n = 0; n < 5_000; n++) sink.write(line);
    await clock.advance(10_000);
    expect(lost).toEqual([]);
    outlet.takes = Number.POSITIVE_INFINITY;
    await clock.advance(500);
    await sink.end();
    expect(outlet.text.length).toBe(MIB);
    expect(lost).toEqual([5_000 - 1_024]);
  });

  it('ends at once when the outlet refuses, and within 300 ms when it does not answer', async () => {
    outlet.takes = 0;
    sink.write('refused\n');
    await sink.end();
    outlet.takes = undefined;
    let ended = false;
    void sink.end().then(() => {
      ended = true;
    });
    await clock.advance(299);
    expect(ended).toBe(false);
    await clock.advance(1);
    expect(ended).toBe(true);
  });
});

describe('log outlets', () => {
  const written = (outlet: ReturnType<typeof fileOutlet>, text: string) =>
    new Promise<number>((resolve) => outlet(Buffer.from(text), resolve));

  it('a full device takes nothing, and that is not an error', async () => {
    const full = openSync('/dev/full', 'w');
    expect(await written(fileOutlet(full), 'line\n')).toBe(0);
    closeSync(full);
  });

  it('a reader that is gone takes nothing, once and for good', async () => {
    const child = spawn('true');
    await once(child, 'close');
    const outlet = streamOutlet(child.stdin);
    expect(await written(outlet, 'line\n')).toBe(0);
    expect(await written(outlet, 'line\n')).toBe(0);
  });
});
