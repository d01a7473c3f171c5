/** Finds the verb or group that words name, and what was probably meant when they name none. */
import { slips } from '../../../hal/common/slips.ts';
import { type Language, translator } from './language.ts';
import { type CommandError, type Group, pathOf, usageError, type Verb } from './verb.ts';
import { commandWords } from './words.ts';

type Route =
  | { readonly kind: 'verb'; readonly verb: Verb; readonly length: number }
  | { readonly kind: 'group'; readonly group: Group; readonly length: number }
  | { readonly kind: 'unknown' };

/**
 * The longest path wins: `audit verify` is a verb beside `audit`. A group's name alone is the group;
 * with a further word that is none of its verbs it is unknown.
 */
export function routeOf(words: readonly string[], verbs: readonly Verb[]): Route {
  const begins = (path: readonly string[]): boolean => path.every((one, at) => one === words[at]);
  const [verb] = verbs.filter((one) => begins(pathOf(one))).sort(longestFirst);
  const [group] = groupsOf(verbs)
    .filter((one) => begins(pathOf(one)))
    .sort(longestFirst);
  const [ofVerb, ofGroup] = [verb, group].map((one) => (one ? pathOf(one).length : 0));
  if (verb && (ofVerb ?? 0) >= (ofGroup ?? 0))
    return { kind: 'verb', verb, length: pathOf(verb).length };
  if (group && words.length === ofGroup) return { kind: 'group', group, length: words.length };
  return { kind: 'unknown' };
}

const longestFirst = (one: Verb | Group, other: Verb | Group): number =>
  pathOf(other).length - pathOf(one).length;

/** Groups that have a verb in the help, each once, outer ones first. */
export function groupsOf(verbs: readonly Verb[]): Group[] {
  const found = new Map<string, Group>();
  const add = (group: Group | undefined): void => {
    if (!group) return;
    add(group.parent);
    found.set(pathOf(group).join(' '), group);
  };
  for (const { parent, hidden } of verbs) if (!hidden) add(parent);
  return [...found.values()];
}

/** The next words after `path`: verbs and groups, in the order of the help. */
export function nextOf(path: readonly string[], verbs: readonly Verb[]): string[] {
  const below = verbs
    .filter(({ hidden }) => !hidden)
    .map(pathOf)
    .filter((one) => one.length > path.length && path.every((word, at) => word === one[at]))
    .map((one) => one[path.length] ?? '');
  return [...new Set(below)];
}

/** Suggests what was probably meant, else lists all that could be. */
export function unknownVerb(
  words: readonly string[],
  verbs: readonly Verb[],
  language: Language,
): CommandError {
  const say = translator(commandWords, language);
  const group = groupsOf(verbs)
    .map(pathOf)
    .filter((path) => path.every((word, at) => word === words[at]))
    .sort((one, other) => other.length - one.length)[0];
  const path = group ?? [];
  const verb = words.slice(0, path.length + 1).join(' ');
  const near = nearestPath(words, verbs);
  if (near !== undefined) return usageError(say('unknownVerbNear', { verb, near }));
  return usageError(say('unknownVerb', { verb, known: nextOf(path, verbs).join(', ') }));
}

function nearestPath(words: readonly string[], verbs: readonly Verb[]): string | undefined {
  const known = [...verbs.filter(({ hidden }) => !hidden), ...groupsOf(verbs)].map(pathOf);
  // `deskmate init` for `deskmate fleet init`.
  const within = known.filter((path) => path.length > 1 && path.at(-1) === words[0]);
  if (within.length === 1) return within[0]?.join(' ');
  return known
    .map((path) => ({ path, away: pathDistance(words, path) }))
    .filter(({ path, away }) => !begun(words, path) && away < Number.POSITIVE_INFINITY)
    .sort((one, other) => one.away - other.away || other.path.length - one.path.length)[0]
    ?.path.join(' ');
}

const begun = (words: readonly string[], path: readonly string[]): boolean =>
  path.every((word, at) => word === words[at]);

/** Word by word. */
const pathDistance = (words: readonly string[], path: readonly string[]): number =>
  path.reduce((sum, word, at) => sum + distance(words[at] ?? '', word), 0);

/** The member of `known` that was probably meant: within two typing errors, and no other word. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  return known
    .map((one) => ({ one, away: distance(word, one) }))
    .filter(({ away }) => away < Number.POSITIVE_INFINITY)
    .sort((one, other) => one.away - other.away)[0]?.one;
}

function distance(typed: string, known: string): number {
  const away = slips(typed.toLowerCase(), known);
  return away <= Math.min(2, Math.floor(typed.length / 2)) ? away : Number.POSITIVE_INFINITY;
}
