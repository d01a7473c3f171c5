import { expect, it } from 'vitest';
import { UsageError } from '../arguments.mjs';
import { parseOptions } from './options.ts';

it('runs everything by default, with make’s empty arguments', () => {
  expect(parseOptions(['--only', '', '--browser', ''])).toEqual({
    only: [],
    browsers: ['chromium', 'firefox'],
    rounds: 1,
    json: false,
    stay: false,
  });
});

it('runs the named cases, and rejects unknown names', () => {
  expect(parseOptions(['--only', 'tls443,nat', '--browser', 'firefox'])).toMatchObject({
    only: ['tls443', 'nat'],
    browsers: ['firefox'],
  });
  for (const args of [['--only', 'tls'], ['--browser', 'safari'], ['--fast'], ['--rounds', '0']])
    expect(() => parseOptions(args)).toThrow(UsageError);
});
