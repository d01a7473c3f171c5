import { expect, it } from 'vitest';
import { UsageError } from '../arguments.mjs';
import { parseOptions } from './options.ts';

it('runs everything when nothing is asked for, as make passes it', () => {
  expect(parseOptions(['--only', '', '--browser', ''])).toEqual({
    only: [],
    browsers: ['chromium', 'firefox'],
    rounds: 1,
    json: false,
    stay: false,
  });
});

it('runs what is named, and says when there is no such thing', () => {
  expect(parseOptions(['--only', 'tls443,nat', '--browser', 'firefox'])).toMatchObject({
    only: ['tls443', 'nat'],
    browsers: ['firefox'],
  });
  for (const args of [['--only', 'tls'], ['--browser', 'safari'], ['--fast'], ['--rounds', '0']])
    expect(() => parseOptions(args)).toThrow(UsageError);
});
