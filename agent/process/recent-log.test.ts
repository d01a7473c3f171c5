import { describe, expect, it } from 'vitest';
import { RecentLog } from './recent-log.ts';

function logged() {
  const written: string[] = [];
  const sink = {
    write: (line: string) => void written.push(line),
    onDropped() {},
    end: async () => {},
  };
  return { written, log: new RecentLog(sink) };
}
const line = (level: number, msg: string): string => `${JSON.stringify({ level, msg })}\n`;

describe('the recent log', () => {
  it('passes every line on, and gives the newest of a level', () => {
    const { written, log } = logged();
    for (const [level, msg] of [
      [30, 'a'],
      [40, 'b'],
      [20, 'c'],
      [50, 'd'],
    ] as const)
      log.write(line(level, msg));
    log.write('no JSON\n');
    expect(written).toHaveLength(5);
    const said = (count: number, level: 'warn' | 'debug') =>
      log.recent(count, level).map((one) => one.slice(-3));
    expect(said(9, 'warn')).toEqual(['b"}', 'd"}', 'SON']);
    expect(said(2, 'debug')).toEqual(['d"}', 'SON']);
  });

  it('keeps a bounded number of lines and bytes', () => {
    const { log } = logged();
    for (let n = 0; n < 3_000; n++) log.write(line(30, String(n)));
    expect(log.recent(9_999, 'info')).toHaveLength(2_000);
    for (let n = 0; n < 40; n++) log.write(line(30, 'x'.repeat(100_000)));
    expect(log.recent(9_999, 'info').length).toBeLessThan(12);
    log.write(line(30, 'x'.repeat(2_000_000)));
    log.write(line(30, 'last'));
    expect(log.recent(1, 'info')[0]).toContain('last');
  });
});
