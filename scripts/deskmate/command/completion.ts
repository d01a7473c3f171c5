/** What may come next on a command line that is being typed. */
import { COMMON, everyFlag } from './command-line.ts';
import type { Flag, Flags, Operand } from './flag.ts';
import type { Language } from './language.ts';
import { groupsOf, nextOf, routeOf } from './route.ts';
import { scan } from './scan.ts';
import { pathOf, type Verb } from './verb.ts';

export interface Candidate {
  readonly text: string;
  readonly about?: string;
}

interface Asking {
  readonly verbs: readonly Verb[];
  readonly language: Language;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * `words`: those after `deskmate`, the last one as far as it is typed (empty after a space). Resolves
 * with none where only the shell knows what fits, as with names of files.
 */
export async function candidatesFor(
  words: readonly string[],
  asking: Asking,
): Promise<Candidate[]> {
  const typed = words.at(-1) ?? '';
  const found = await allFor(words.slice(0, -1), typed, asking);
  return found.filter(({ text }) => text.startsWith(typed) && text !== '');
}

async function allFor(
  before: readonly string[],
  typed: string,
  asking: Asking,
): Promise<Candidate[]> {
  const { verbs, language, env } = asking;
  const seen = scan(before, everyFlag(verbs));
  const path = seen.words.map(({ text }) => text);
  const route = routeOf(path, verbs);
  const verb = route.kind === 'verb' ? route.verb : undefined;
  const flags: Flags = { ...verb?.flags, ...COMMON };
  if (seen.open !== undefined) return valuesOf(flags[seen.open], env);
  if (typed.startsWith('-') && !seen.ended) {
    const sign = typed.indexOf('=');
    if (sign < 0) return optionsOf(flags, seen.options, language);
    const values = await valuesOf(flags[typed.slice(2, sign)], env);
    return values.map(({ text }) => ({ text: `${typed.slice(0, sign + 1)}${text}` }));
  }
  const isHelp = verb?.name === 'help' && !verb.parent;
  const below = namesBelow(isHelp ? path.slice(1) : path, asking);
  if (!verb || isHelp || route.kind !== 'verb') return below;
  return [...below, ...(await operandsOf(verb.operands ?? [], path.length - route.length, env))];
}

/** Verbs and groups that follow a path, with what they are for. */
function namesBelow(path: readonly string[], { verbs, language }: Asking): Candidate[] {
  const known = [...verbs, ...groupsOf(verbs)];
  return nextOf(path, verbs).map((text) => {
    const whole = [...path, text].join(' ');
    const one = known.find((other) => pathOf(other).join(' ') === whole);
    return { text, ...(one && { about: one.summary[language] }) };
  });
}

function optionsOf(
  flags: Flags,
  given: readonly { readonly name: string }[],
  language: Language,
): Candidate[] {
  const again = (name: string, flag: Flag): boolean =>
    ('repeated' in flag && flag.repeated === true) || given.every((one) => one.name !== name);
  return Object.entries(flags)
    .filter(([name, flag]) => again(name, flag))
    .map(([name, flag]) => ({ text: `--${name}`, about: flag.about[language] }));
}

async function valuesOf(flag: Flag | undefined, env: NodeJS.ProcessEnv): Promise<Candidate[]> {
  if (flag?.type === 'choice') return flag.choices.map((text) => ({ text }));
  if (!flag || !('complete' in flag) || !flag.complete) return [];
  return (await flag.complete(env)).map((text) => ({ text }));
}

async function operandsOf(
  operands: readonly Operand[],
  given: number,
  env: NodeJS.ProcessEnv,
): Promise<Candidate[]> {
  const last = operands.at(-1);
  const operand = operands[given] ?? (last?.variadic ? last : undefined);
  const texts = operand?.choices ?? (await operand?.complete?.(env)) ?? [];
  return texts.map((text) => ({ text }));
}
