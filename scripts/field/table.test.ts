import { expect, it } from 'vitest';
import { json, line, passed, type Row, secondTry, summary } from './table.ts';

const good: Row = {
  name: 'nat',
  browser: 'firefox',
  way: undefined,
  firstPictureMs: 412.4,
  troubles: [],
};
const bad: Row = { ...good, firstPictureMs: undefined, troubles: ['no picture', 'no word'] };

it('one line per case, and a last line for CI', () => {
  expect(line(good)).toMatch(/^nat +firefox +none +412 ms +passed$/);
  expect(line(bad)).toMatch(/^nat +firefox +none +- +FAILED: no picture; no word$/);
  expect(summary([good, bad, good])).toBe('2 passed, 1 failed');
});

it('the same for programs', () => {
  expect(JSON.parse(json([good])).cases).toMatchObject([
    { name: 'nat', way: 'none', passed: true },
  ]);
});

it('reports that a case took two tries, and why', () => {
  const mended = secondTry(bad, { ...good, note: 'later than the goal of 1500 ms' });
  expect(passed(mended)).toBe(true);
  expect(line(mended)).toMatch(
    /passed later than the goal of 1500 ms; second try; the first: no picture; no word$/,
  );
  expect(passed(secondTry(bad, bad))).toBe(false);
});
