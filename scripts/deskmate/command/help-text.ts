/** What the help says of the command, of a group and of a verb; for people and as JSON. */
import { COMMON } from './command-line.ts';
import { type Flags, flagName, type InEveryLanguage } from './flag.ts';
import { type Language, translator } from './language.ts';
import { type Call, type Example, type Group, pathOf, usageOf, type Verb } from './verb.ts';
import { commandWords } from './words.ts';

/** `deskmate fleet init [--json]`. */
export const lineOf = (verb: Verb): string =>
  `deskmate ${pathOf(verb).join(' ')} ${usageOf(verb)}`.trimEnd();

/** As it is typed in a shell. */
export const typedLine = ({ args }: Example): string =>
  ['deskmate', ...args.map(shellQuoted)].join(' ');

const shellQuoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

type Row = readonly [left: string, right: string];

/** Verbs below `path`: a group takes one line. */
function below(path: readonly string[], verbs: readonly Verb[], language: Language): Row[] {
  const rows = new Map<string, string>();
  for (const verb of verbs) {
    const own = pathOf(verb);
    if (verb.hidden || own.length <= path.length || path.some((one, at) => one !== own[at]))
      continue;
    if (own.length === path.length + 1) rows.set(lineOf(verb), verb.summary[language]);
    else {
      const group = groupAt(verb, path.length + 1);
      rows.set(`deskmate ${pathOf(group).join(' ')} …`, group.summary[language]);
    }
  }
  return [...rows];
}

/** The group of that depth in which the verb is. */
function groupAt(verb: Verb, depth: number): Group {
  let group: Group = verb;
  while (pathOf(group).length > depth && group.parent) group = group.parent;
  return group;
}

export function tellAll(call: Call): void {
  const { terminal, language, version, flags, verbs } = call;
  if (flags.json) {
    tellJson(call, { version, commands: commandsOf(verbs, language) });
    return;
  }
  const say = translator(commandWords, language);
  const rows = below([], verbs, language);
  const width = widest(rows);
  terminal.line(`Deskmate ${version}`);
  section(call, say('commands'), rows, width);
  section(call, say('options'), flagRows(COMMON, language), width);
}

export function tellGroup(call: Call, group: Group): void {
  const { terminal, language, flags, verbs } = call;
  const path = pathOf(group);
  const inside = verbs.filter((verb) => path.every((one, at) => pathOf(verb)[at] === one));
  if (flags.json) {
    tellJson(call, { group: path.join(' '), commands: commandsOf(inside, language) });
    return;
  }
  const say = translator(commandWords, language);
  terminal.line(`deskmate ${path.join(' ')}: ${group.summary[language]}`);
  section(call, say('group', { group: path.join(' ') }), below(path, verbs, language));
}

export function tellVerb(call: Call, verb: Verb): void {
  const { terminal, language, flags, verbs } = call;
  if (flags.json) {
    tellJson(call, asJson(verb, language));
    return;
  }
  const say = translator(commandWords, language);
  terminal.line(`${say('usage')} ${lineOf(verb)}`);
  terminal.line();
  terminal.line(`  ${verb.summary[language]}`);
  const operands = (verb.operands ?? []).flatMap(({ name, about }): Row[] =>
    about ? [[name, about[language]]] : [],
  );
  const options = flagRows(verb.flags, language);
  const width = widest([...operands, ...options]);
  section(call, operands.length > 0 && options.length > 0 ? say('operands') : '', operands, width);
  section(call, '', options, width);
  const more = below(pathOf(verb), verbs, language);
  section(call, say('group', { group: pathOf(verb).join(' ') }), more);
  if (!verb.examples?.length) return;
  terminal.line();
  terminal.line(say('examples'));
  for (const example of verb.examples) {
    terminal.line(`  ${typedLine(example)}`);
    terminal.line(`      ${example.about[language]}`);
  }
}

function section(
  { terminal }: Call,
  title: string,
  rows: readonly Row[],
  width = widest(rows),
): void {
  if (rows.length === 0) return;
  terminal.line();
  if (title) terminal.line(title);
  for (const [left, right] of rows) terminal.line(`  ${left.padEnd(width)}   ${right}`.trimEnd());
}

const widest = (rows: readonly Row[]): number => Math.max(0, ...rows.map(([left]) => left.length));

const flagRows = (flags: Flags, language: Language): Row[] =>
  Object.entries(flags).map(([name, flag]) => {
    const short = flag.short ? `-${flag.short}, ` : '';
    const choices = flag.type === 'choice' ? ` (${flag.choices.join(', ')})` : '';
    const about = flag.about[language];
    // `--lang` names its choices in words.
    const known = flags === COMMON ? '' : choices;
    return [`${short}${flagName(name, flag)}`, `${about}${known}`];
  });

const tellJson = ({ terminal }: Call, value: object): void =>
  terminal.line(JSON.stringify(value, null, 2));

const commandsOf = (verbs: readonly Verb[], language: Language): object[] =>
  verbs.filter(({ hidden }) => !hidden).map((verb) => asJson(verb, language));

function asJson(verb: Verb, language: Language): object {
  const options = Object.entries(verb.flags).map(([name, flag]) => ({
    option: flagName(name, flag),
    about: flag.about[language],
    ...(flag.type === 'choice' && { choices: flag.choices }),
  }));
  const text = (about: InEveryLanguage | undefined) => about?.[language];
  const operands = (verb.operands ?? []).map(({ name, optional, variadic, choices, about }) => ({
    ...{ operand: name, optional, variadic, choices, about: text(about) },
  }));
  const examples = (verb.examples ?? []).map((one) => ({
    ...{ line: typedLine(one), about: text(one.about) },
  }));
  return {
    ...{ command: pathOf(verb).join(' '), usage: lineOf(verb), about: verb.summary[language] },
    ...{ operands, options, examples },
  };
}
