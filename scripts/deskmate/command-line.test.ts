import { describe, expect, it } from 'vitest';
import { jsonFlag } from './command/flag.ts';
import { type Call, pathOf, type Verb } from './command/verb.ts';
import { run } from './testing/run-command.ts';
import { verbs } from './verbs.ts';

let last: Call | undefined;
const probe: Verb = {
  name: 'probe',
  operands: [{ name: 'WORD', optional: true }],
  summary: { en: 'probes', nl: 'peilt', sv: 'sonderar' },
  flags: {
    board: { type: 'string', value: 'FILE', about: { en: 'whose', nl: 'wiens', sv: 'vems' } },
    json: jsonFlag,
  },
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
    expect(last?.places.agent.config).toBe('/tmp/c/agent.json');
  });

  it.each([
    ['docter', /unknown command “docter”; did you mean “doctor”\?/],
    ['invte --days 3', /did you mean “invite”\?/],
    ['stauts', /did you mean “status”\?/],
    ['Devices', /did you mean “devices”\?/],
    ['x', /unknown command “x”; expected one of: doctor, status, invite/],
    ['help docter', /did you mean “doctor”\?/],
    ['invite --dyas 3', /unknown option --dyas for “invite”; did you mean --days\?/],
    ['status --jsn', /did you mean --json\?/],
    ['probe --colour', /unknown option --colour for “probe”/],
    ['--colour probe', /unknown option --colour for “probe”/],
    ['probe -x', /unknown option -x for “probe”/],
    ['probe --board', /option --board needs a value/],
    ['probe --board=', /option --board needs a value/],
    ['invite --help=yes', /option --help takes no value/],
    ['probe one two', /“two” is one word too many for “probe”/],
    ['probe --lang de', /expected nl, sv or en, got “de”/],
    ['invite --days x', /expected a number of days from 1 to 90, got “x”/],
    ['invite --days 0', /expected a number of days/],
    ['invite --days 91', /expected a number of days/],
    ['invite --days 1.5', /expected a number of days/],
    ['invite --days 0x10', /expected a number of days/],
    ['invite --days 3 4', /“4” is one word too many/],
    ['help nothing', /unknown command “nothing”; expected one of: doctor/],
    ['probe -hx', /unknown option -x for “probe”/],
    ['revoke', /which device/],
    ['revoke abc', /at least 4 characters/],
    ['revoke abcd efgh', /“efgh” is one word too many/],
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

  it.each(['', 'help', '--help', '-h', 'help --lang nl', '--lang sv -h'])(
    '`deskmate %s` lists all verbs',
    async (line) => {
      const { code, out } = await type(line);
      expect(code).toBe(0);

      for (const { name, parent, hidden } of verbs)
        if (!hidden) expect(out).toContain(`deskmate ${parent?.name ?? name}`);
    },
  );

  it('tells of one verb, and of none that is not there', async () => {
    for (const line of ['probe --help', 'probe -h', '-h probe']) {
      const { code, out } = await type(line);
      expect(code).toBe(0);
      expect(out).toContain('deskmate probe [WORD] [--board FILE] [--json]');
      expect(out).toMatch(/^ {2}--board FILE +whose$/m);
    }
    expect((await type('help invite')).out).toContain('[--days N]');
  });

  it.each(['version', '--version', '-V', 'status --version', 'probe -V'])(
    '`deskmate %s` says the version',
    async (line) => {
      const { code, out } = await type(line);
      expect({ code, out }).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^deskmate 1\.2\.3 /),
      });
    },
  );

  it('the value of an option is never taken for the verb', async () => {
    expect((await type('--board status probe')).code).toBe(0);
    expect(last?.flags.board).toBe('status');
  });
});

describe('--json', () => {
  const json = async (line: string) => {
    const { code, out, err } = await type(line);
    expect(err).toBe('');
    return { code, said: JSON.parse(out) };
  };

  it.each(verbs.map((verb) => pathOf(verb).join(' ')))(
    'what %s cannot understand is said as JSON, with the exit code',
    async (name) => {
      const { code, said } = await json(`${name} --json --nonsense`);
      expect(code).toBe(64);
      expect(said).toEqual({
        error: { code: 'usage', message: expect.stringContaining(`for “${name}`), exit: 64 },
      });
    },
  );

  it.each([
    ['--json', 'help'],
    ['frob --json', 'unknown command “frob”'],
    ['help frob --json', 'unknown command “frob”'],
    ['invite --json --days x', 'option --days'],
    ['status --json --lang de', 'expected nl, sv or en'],
    ['revoke --json', 'which device'],
    ['probe --json=yes', 'option --json takes no value'],
    ['calibrate --json', 'unknown option --json for “calibrate”'],
  ])('`deskmate %s` is JSON', async (line, words) => {
    const { code, said } = await json(line);
    if (line === '--json') return expect([code, said.version]).toEqual([0, '1.2.3']);
    expect(code).toBe(64);
    expect(said.error.message).toContain(words);
  });

  it.each(
    verbs.filter(
      ({ flags, name, parent }) =>
        flags.json && !parent && !flags.server && !/^(doctor|help|version|login)$/.test(name),
    ),
  )('$name says as JSON that nothing is installed', async ({ name }) => {
    const whom = name === 'revoke' ? ' abcdefgh --yes' : '';
    const { code, said } = await json(`${name}${whom} --json --config /nowhere`);
    expect(code).toBe(78);
    expect(said.error).toMatchObject({ code: 'configMissing', file: '/nowhere/agent.json' });
  });

  it('a mistake of ours is JSON too', async () => {
    const broken: Verb = { ...probe, name: 'broken', run: () => Promise.reject(new Error('oh')) };
    const { code, out, err } = await run([broken], ['broken', '--json']);
    expect({ code, err }).toEqual({ code: 70, err: '' });
    expect(JSON.parse(out).error).toMatchObject({ code: 'bug', exit: 70 });
    const plain = await run([broken], ['broken']);
    expect(plain).toMatchObject({ code: 70, out: '', err: expect.stringContaining('report it: ') });
  });

  it('version and help answer programs', async () => {
    expect((await json('version --json')).said).toMatchObject({ version: '1.2.3' });
    const { said } = await json('help --json');
    expect(said.commands.map((one: { command: string }) => one.command)).toEqual(
      [...verbs, probe].filter(({ hidden }) => !hidden).map((verb) => pathOf(verb).join(' ')),
    );
    expect((await json('help invite --json')).said.options[0].option).toBe('--days N');
  });
});
