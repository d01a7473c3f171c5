import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { LogCollector, type Warning, warningIn } from './log-collector.ts';

const line = (fields: object): string => JSON.stringify({ time: 1, pid: 2, ...fields });

describe('warningIn', () => {
  it('sees warnings with what they are about, and the first line of a crash', () => {
    expect(warningIn(line({ level: 40, msg: 'device fails', fault: 'eyes', tries: 3 }))).toBe(
      'device fails: fault eyes, tries 3',
    );
    expect(warningIn('TypeError: x is not a function')).toBe('TypeError: x is not a function');
  });

  it('sees nothing in the rest', () => {
    expect(warningIn(line({ level: 30, msg: 'ready' }))).toBeUndefined();
    expect(warningIn('    at main (file.ts:1:2)')).toBeUndefined();
    fc.assert(fc.property(fc.json(), (text) => warningIn(text) === undefined || text.length > 0));
  });
});

describe('LogCollector', () => {
  it('keeps all lines in a file, the newest warnings in mind, and does not repeat itself', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'deskmate-log-'));
    const clock = new SimClock();
    const shown: Warning[] = [];
    const collector = new LogCollector(clock, folder, (warning) => shown.push(warning));
    collector.take('agent', line({ level: 30, msg: 'ready' }));
    for (let i = 0; i < 20; i++) collector.take('agent', line({ level: 40, msg: 'broker lost' }));
    await clock.advance(6_000);
    collector.warn('agent', 'ended');
    expect(shown.map(({ text }) => text)).toEqual(['broker lost', 'ended']);
    expect(collector.warnings).toHaveLength(8);
    await collector.close();
    const text = await readFile(path.join(folder, 'agent.log'), 'utf8');
    expect(text.trim().split('\n')).toHaveLength(21);
    await rm(folder, { recursive: true });
  });
});
