import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testVerbs } from '../testing/test-verbs.ts';
import { verbs as shipped } from '../verbs.ts';
import { candidatesFor } from './completion.ts';
import { completionScripts, SHELLS } from './completion-scripts.ts';
import { knownNames, rememberNames } from './known-names.ts';

let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'deskmate-'));
  env = { HOME: folder };
  await rememberNames({ robots: ['desk-1', 'desk-2', 'bad name'], schools: ['norra'] }, env);
});
afterAll(() => rmSync(folder, { recursive: true }));

const asked = async (...words: string[]): Promise<string[]> => {
  const verbs = [...shipped, ...testVerbs];
  const found = await candidatesFor(words, { verbs, language: 'en', env });
  return found.map(({ text }) => text);
};

describe('what may come next', () => {
  it.each<[string[], string[]]>([
    [['inv'], ['invite', 'invitations']],
    [['tri'], ['trials']],
    [
      ['trials', ''],
      ['begin', 'diary'],
    ],
    [['trials', 'diary', ''], ['examine']],
    [
      ['help', 'trials', ''],
      ['begin', 'diary'],
    ],
    [['__'], []],
    [['invite', '--d'], ['--days']],
    [['invite', '--days', '3', '--d'], []],
    [
      ['--lang', ''],
      ['nl', 'sv', 'en'],
    ],
    [['status', '--lang=s'], ['--lang=sv']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['completion', 'bash', ''], []],
    [
      ['exhibit', ''],
      ['desk-1', 'desk-2'],
    ],
    [
      ['exhibit', 'desk-1', ''],
      ['desk-1', 'desk-2'],
    ],
    [['exhibit', '--school', ''], ['norra']],
    [['--json', 'exhibit', '--state', 'r'], ['ready']],
    [['exhibit', '--tag', 'a', '--ta'], ['--tag']],
    [['exhibit', '--', '-'], []],
    [['nonsense', ''], []],
    [['doctor', '--board', ''], []],
  ])('%j: %j', async (words, expected) => {
    expect(await asked(...words)).toEqual(expected);
  });

  it('survives a damaged list of names', async () => {
    const own = mkdtempSync(path.join(tmpdir(), 'deskmate-'));
    for (const text of ['{', '[]', '{"robots":3}', 'null', '{"robots":["$(rm)",5,"desk-1"]}']) {
      await rememberNames({ robots: [], schools: [] }, { XDG_CACHE_HOME: own });
      writeFileSync(path.join(own, 'deskmate/names.json'), text);
      const { robots } = await knownNames({ XDG_CACHE_HOME: own });
      expect(robots).toEqual(text.includes('desk-1') ? ['desk-1'] : []);
    }
    rmSync(own, { recursive: true });
    expect(await knownNames({})).toEqual({ robots: [], schools: [] });
  });
});

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

describe('the scripts', () => {
  it.each(SHELLS)('%s accepts its script', (shell) => {
    const script = completionScripts[shell];
    expect(script).toContain('__complete --');
    if (has(shell)) expect(spawnSync(shell, ['-n'], { input: script }).stderr.toString()).toBe('');
  });

  /** A `deskmate` that tells what it was asked, and answers what it is told to. */
  const inBash = (line: string, words: readonly string[], answer: string): string[] => {
    const fake = path.join(folder, 'deskmate');
    writeFileSync(
      fake,
      `#!/bin/sh\nprintf '[%s]' "$@" >"${folder}/asked"\nprintf -- '${answer}'\n`,
    );
    chmodSync(fake, 0o755);
    const program = `${completionScripts.bash}
COMP_LINE=$1 COMP_POINT=\${#1}; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _deskmate
cat "${folder}/asked"; printf '\\n%s' "\${COMPREPLY[@]}"`;
    const ran = spawnSync('bash', ['-c', program, '-', line, ...words], {
      env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
    });
    expect(ran.stderr.toString()).toBe('');
    return ran.stdout.toString().split('\n');
  };

  it.skipIf(!has('bash')).each<[string, string[], string, string[]]>([
    ['deskmate in', ['deskmate', 'in'], 'invite\\ta link\\n', ['[__complete][--][in]', 'invite']],
    ['deskmate show ', ['deskmate', 'show', ''], '', ['[__complete][--][show][]', '']],
    [
      'deskmate status --lang=s',
      ['deskmate', 'status', '--lang', '=', 's'],
      '--lang=sv\\n',
      ['[__complete][--][status][--lang=s]', 'sv'],
    ],
    [
      'deskmate status --lang=',
      ['deskmate', 'status', '--lang', '='],
      '--lang=nl\\n--lang=sv\\n',
      ['[__complete][--][status][--lang=]', 'nl', 'sv'],
    ],
    [
      'deskmate robots --query school:no',
      ['deskmate', 'robots', '--query', 'school', ':', 'no'],
      'school:norra\\n',
      ['[__complete][--][robots][--query][school:no]', 'norra'],
    ],
  ])('bash asks as typed: %s', (line, words, answer, expected) => {
    expect(inBash(line, words, answer)).toEqual(expected);
  });
});
