import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { run } from '../testing/run-command.ts';
import { lastCall, testQuery, testVerbs } from '../testing/test-verbs.ts';
import { verbs as shipped } from '../verbs.ts';
import { everyFlag, readCommandLine } from './command-line.ts';
import { numberFlag, parsedFlag, textFlag, textsFlag } from './flag.ts';
import { typedLine } from './help-text.ts';
import { scan } from './scan.ts';
import { CommandError, pathOf } from './verb.ts';

const all = [...shipped, ...testVerbs];
const type = (line: string) => run(all, line.split(' ').filter(Boolean));

describe('nested commands', () => {
  it('are found wherever options stand', async () => {
    expect(await type('--lang nl trials --json begin')).toMatchObject({ code: 0 });
    expect(lastCall()).toMatchObject({ language: 'nl', flags: { json: true }, words: [] });
    expect(await type('trials diary examine a b')).toMatchObject({ code: 0 });
    expect(lastCall()?.words).toEqual(['a', 'b']);
  });

  it.each([
    ['trials begn', 'unknown command “trials begn”; did you mean “trials begin”?'],
    ['trals begin', 'did you mean “trials begin”?'],
    ['begin', 'did you mean “trials begin”?'],
    ['examine x', 'did you mean “trials diary examine”?'],
    ['trials nonsense', 'unknown command “trials nonsense”; expected one of: begin, diary'],
    ['trials diary examine', '“trials diary examine” needs FILE; see: deskmate help trials diary'],
    ['trials diary examine a b c', '“c” is one word too many for “trials diary examine”'],
    ['trials begin --jsn', 'unknown option --jsn for “trials begin”; did you mean --json?'],
    ['help trials x', 'unknown command “trials x”'],
    ['help status x', 'unknown command “status'],
    ['exhibit', '“exhibit” needs ROBOT'],
    ['exhibit a --state redy', '--state: expected ready, asleep or off, got “redy”'],
    ['exhibit a --for 90', '--for: expected a number with its unit (s, min or h), from 1min to 2h'],
    ['exhibit a --for 3h', 'from 1min to 2h, got “3h”'],
    ['exhibit a --share 1.5', '--share: expected a number from 0 to 1, got “1.5”'],
    ['exhibit a --share 1e0', '--share: expected a number from 0 to 1'],
    ['exhibit a --query a!b', 'option --query: expected a name (at character 2)'],
    ['devices --sort colour', 'no column “colour”; expected device, bound or used'],
    ['devices --columns used,x', 'no column “x”'],
    ['completion csh', 'SHELL: expected bash, zsh or fish, got “csh”'],
  ])('refuses `deskmate %s` in one line', async (line, words) => {
    const { code, out, err } = await type(line);
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toContain(words);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it.each(['trials', 'trials --help', 'help trials'])(
    '`deskmate %s` lists the group',
    async (line) => {
      const { code, out } = await type(line);
      expect(code).toBe(0);
      expect(out).toMatch(/^deskmate trials: the trials$/m);
      expect(out).toMatch(/^ {2}deskmate trials begin \[--json\] +begins$/m);
      expect(out).toMatch(/^ {2}deskmate trials diary … +its log$/m);
      const { commands } = JSON.parse((await type(`${line} --json`)).out);
      expect(commands.map((one: { command: string }) => one.command)).toEqual([
        'trials begin',
        'trials diary examine',
      ]);
    },
  );

  it('the list of all shows a group in one line, and nothing hidden', async () => {
    const { out } = await type('');
    expect(out).toMatch(/^ {2}deskmate trials … +the trials$/m);
    expect(out).not.toMatch(/trials begin|__complete/);
  });
});

describe('options', () => {
  it('are read by their type', async () => {
    await type('exhibit a b --for 1,5h --share .5 --tag x --state ready --query s:n');
    await type('exhibit a b --for 1,5h --share 0.5 --tag x --tag y --state ready --query s:n');
    const call = lastCall();
    if (!call) throw new Error('not called');
    expect(numberFlag(call, 'for')).toBe(5400);
    expect(numberFlag(call, 'share')).toBe(0.5);
    expect(textsFlag(call, 'tag')).toEqual(['x', 'y']);
    expect(textFlag(call, 'state')).toBe('ready');
    expect(parsedFlag(call, 'query', testQuery)).toEqual({ text: 's:n' });
    expect(numberFlag(call, 'none')).toBeUndefined();
    expect(textsFlag(call, 'none')).toEqual([]);
  });

  it.each([
    ['nl', 'optie --for: ‘x’ kan niet; kies een getal met eenheid (s, min of h)'],
    ['sv', 'flaggan --for: ”x” går inte; välj ett tal med enhet (s, min eller h)'],
  ])('what was expected is said in %s', async (language, words) => {
    expect((await type(`exhibit a --for x --lang ${language}`)).err).toContain(words);
  });
});

describe('every verb that ships', () => {
  it.each(
    shipped.flatMap(({ examples = [], name }) => examples.map((one) => [name, one] as const)),
  )('an example of %s is understood', async (_, example) => {
    const { verb } = await readCommandLine(example.args, shipped, 'en');
    expect(typedLine(example)).toMatch(new RegExp(`^deskmate ${pathOf(verb).join(' ')}`));
  });

  it('declares what the parser can keep apart', () => {
    const shapes = new Map<string, string>();
    for (const { flags } of shipped)
      for (const [name, { type: kind, short }] of Object.entries(flags)) {
        const shape = `${kind === 'boolean' ? 'switch' : 'value'} ${short}`;
        expect(shapes.get(name) ?? shape).toBe(shape);
        shapes.set(name, shape);
        expect(name).toMatch(/^(?!no-)[a-z]+(-[a-z]+)*$/);
      }
    const paths = shipped.map((verb) => pathOf(verb).join(' '));
    expect(new Set(paths).size).toBe(paths.length);
    for (const { operands = [] } of shipped) {
      const firstOptional = operands.findIndex(({ optional }) => optional);
      if (firstOptional >= 0)
        expect(operands.slice(firstOptional).every(({ optional }) => optional)).toBe(true);
      expect(operands.slice(0, -1).some(({ variadic }) => variadic)).toBe(false);
    }
  });

  it('has a purpose that fits in a line of the help', () => {
    for (const { summary } of shipped)
      for (const text of Object.values(summary)) expect(text.length).toBeLessThanOrEqual(70);
  });
});

describe('any arguments', () => {
  const word = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom(
      'trials',
      'begin',
      'exhibit',
      'invite',
      '--',
      '-h',
      '-V',
      '--json',
      '--days',
      '--for',
    ),
    fc.constantFrom('--lang=nl', '--tag=', '3', '1h', '--__proto__', '-', '--sort', '-hV', 'help'),
  );

  it('are understood or refused in one line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (args) => {
        const asked = await readCommandLine(args, all, 'en').catch((error: unknown) => error);
        if (asked instanceof Error) expect(asked).toBeInstanceOf(CommandError);
        else expect(asked).toMatchObject({ verb: expect.anything() });
      }),
    );
  });

  it('are words or options, none is lost', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (args) => {
        const { words, options, ended, open } = scan(args, everyFlag(all));
        for (const { text, at } of words) expect(args[at]).toBe(text);
        const most = words.length + options.length * 2 + Number(ended) + Number(open !== undefined);
        expect(most).toBeGreaterThanOrEqual(args.length);
      }),
    );
  });
});
