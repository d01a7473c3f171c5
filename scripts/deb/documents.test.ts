import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { verbs } from '../deskmate/verbs.ts';
import { commandsForManual, optionsForCompletion, verbNames } from './documents.ts';

test('the manual tells of every verb and its options', () => {
  const manual = commandsForManual();
  for (const { name, flags } of verbs) {
    expect(manual).toContain(`.B deskmate ${name}\n`);
    for (const flag of Object.keys(flags)) expect(manual).toContain(`\\-\\-${flag}`);
  }
});

test('the completion is a script of bash that knows each verb’s options', () => {
  const file = new URL('root/usr/share/bash-completion/completions/deskmate', import.meta.url);
  const script = readFileSync(file, 'utf8')
    .replace('@VERBS@', verbNames())
    .replace('@OPTIONS@', optionsForCompletion());
  const completed = (...words: string[]): string =>
    spawnSync('bash', [
      '-c',
      `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _deskmate; echo "\${COMPREPLY[*]}"`,
      ...['-', 'deskmate', ...words],
    ]).stdout.toString();
  expect(completed('re')).toBe('revoke\n');
  expect(completed('invite', '--d')).toBe('--days\n');
  expect(completed('revoke', '--')).toBe('--yes --json --lang --config --help\n');
});
