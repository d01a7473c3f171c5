/** What the page understands of rows beyond showing them: queries, and why a robot is off. */
import type { Language } from '../../shared/i18n.ts';
import type { Robot } from './robot.ts';

export type Matcher =
  | { readonly ok: true; readonly matches: (robot: Robot) => boolean }
  | { readonly ok: false; readonly why: string };

export interface Insight {
  matcher(query: string, nowMs: number, language: Language): Matcher;
  /**
   * One sentence; undefined: it is on, or nobody knows more than its state. `all`: the robots of its
   * school are among them.
   */
  whyOff(robot: Robot, all: Iterable<Robot>, nowMs: number, language: Language): string | undefined;
}

/** All words must be in a robot's id, name, school or state; `school:` and `state:` say where. */
export const plainInsight: Insight = {
  matcher: (query) => ({ ok: true, matches: wordMatcher(query) }),
  whyOff: () => undefined,
};

export function wordMatcher(query: string): (robot: Robot) => boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return (robot) => words.every((word) => has(robot, word));
}

function has({ id, name, school, state }: Robot, word: string): boolean {
  const [, field, value = ''] = /^(school|state):(.*)$/.exec(word) ?? [];
  if (field === 'school') return school === value;
  if (field === 'state') return state === value;
  return [id, name?.toLowerCase(), school, state].some((text) => text?.includes(word));
}
