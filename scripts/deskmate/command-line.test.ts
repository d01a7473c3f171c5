import { describe, expect, it } from 'vitest';
import { run } from './testing.ts';
import type { Call, Verb } from './verb.ts';
import { verbs } from './verbs.ts';

let last: Call | undefined;
const probe: Verb = {
  name: 'probe',
  usage: '[--board FILE] [WORD]',
  summary: { en: 'probes', nl: 'peilt', sv: 'sonderar' },
  flags: { board: { type: 'string' }, json: { type: 'boolean' } },
  words: 1,
  run: async (call) => {
    last = call;
    return 0;
  },
};
const type = (line: string, env: NodeJS.ProcessEnv = {}) =>
  run([...verbs, probe], line.split(' ').filter(Boolean), env);

describe('the command line', () => {
  it('gives a verb its flags and words, common flags anywhere', async () => {
    const { code } = await type('--lang sv probe --board x.json --json here --config /tmp/c');
    expect(code).toBe(0);
    expect(last).toMatchObject({ language: 'sv', words: ['here'] });
    expect(last?.flags).toMatchObject({ board: 'x.json', json: true });
    expect(last?.places.agentConfig).toBe('/tmp/c/agent.json');
  });

  it.each([
    ['docter', /unknown command “docter”; expected one of: doctor, status, invite/],
    ['probe --colour', /unknown option --colour for “probe”/],
    ['--colour probe', /unknown option --colour for “probe”/],
    ['probe -x', /unknown option -x for “probe”/],
    ['probe --board', /option --board needs a value/],
    ['probe --board=', /option --board needs a value/],
    ['probe --json=yes', /option --json takes no value/],
    ['probe one two', /“two” is one word too many for “probe”/],
    ['probe --lang de', /expected nl, sv or en, got “de”/],
    ['invite --days x', /expected a number of days from 1 to 90, got “x”/],
    ['invite --days 0', /expected a number of days/],
    ['probe --__proto__ 1', /unknown option --__proto__/],
  ])('refuses `deskmate %s` in one line with EX_USAGE', async (line, words) => {
    const { code, out, err } = await type(line);
    expect(code).toBe(64);
    expect(out).toBe('');
    expect(err).toMatch(words);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it.each([
    [{ LANG: 'nl_NL.UTF-8' }, 'onbekende opdracht'],
    [{ LANG: 'nl_NL.UTF-8', LC_ALL: 'sv_SE' }, 'okänt kommando'],
    [{ LANG: 'C' }, 'unknown command'],
    [{}, 'unknown command'],
  ])('speaks the language of the terminal: %j', async (env, words) => {
    expect((await type('x', env)).err).toContain(words);
    expect((await type('x --lang en', env)).err).toContain('unknown command');
  });

  it.each(['', 'help', '--help', 'help --lang nl'])(
    '`deskmate %s` lists all verbs',
    async (line) => {
      const { code, out } = await type(line);
      expect(code).toBe(0);

      for (const { name } of verbs) expect(out).toContain(`deskmate ${name}`);
    },
  );

  it('tells of one verb, and of none that is not there', async () => {
    expect((await type('probe --help')).out).toContain('deskmate probe [--board FILE]');
    expect((await type('help invite')).out).toContain('[--days N]');
    expect((await type('help nothing')).code).toBe(64);
    expect((await type('version')).out).toContain('deskmate 1.2.3');
  });
});
