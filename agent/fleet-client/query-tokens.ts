/** Cuts a query into tokens. */
import type { Operator } from './query.ts';
import type { QueryFault } from './query-words.ts';

export type Token = { readonly at: number } & (
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'quoted'; readonly text: string }
  | { readonly kind: 'operator'; readonly op: Operator }
  | { readonly kind: 'open' | 'close' | 'end' }
);

export type Tokens =
  | { readonly ok: true; readonly tokens: readonly Token[] }
  | { readonly ok: false; readonly fault: QueryFault; readonly at: number };

const SPACE = /\s+/y;
const OPERATOR = /[<>!]=|[:=<>]/y;
/** Typographic quotes too: queries are copied from documents. */
const QUOTED = /["“”„]((?:[^"“”\\]|\\.)*)["“”]/suy;
const WORD = /[^\s()"“”„:=<>!]+/uy;
const QUOTE = /["“”„]/;

/** The last token is `end`. */
export function tokensOf(text: string): Tokens {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  while (at < text.length) {
    const space = take(SPACE);
    if (space) {
      at += space[0].length;
      continue;
    }
    const found = tokenAt(text[at] ?? '', take, at);
    if (!found) {
      const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
      const fault: QueryFault = QUOTE.test(char)
        ? { name: 'openQuote' }
        : { name: 'strayCharacter', char };
      return { ok: false, fault, at };
    }
    tokens.push(found.token);
    at += found.length;
  }
  return { ok: true, tokens: [...tokens, { kind: 'end', at }] };
}

function tokenAt(
  char: string,
  take: (pattern: RegExp) => RegExpExecArray | null,
  at: number,
): { readonly token: Token; readonly length: number } | undefined {
  if (char === '(') return { token: { kind: 'open', at }, length: 1 };
  if (char === ')') return { token: { kind: 'close', at }, length: 1 };
  const operator = take(OPERATOR)?.[0];
  if (operator !== undefined) {
    const op = operator === ':' ? '=' : (operator as Operator);
    return { token: { kind: 'operator', op, at }, length: operator.length };
  }
  const quoted = take(QUOTED);
  if (quoted) {
    const text = (quoted[1] ?? '').replace(/\\(.)/gsu, '$1');
    return { token: { kind: 'quoted', text, at }, length: quoted[0].length };
  }
  const word = take(WORD)?.[0];
  return word === undefined
    ? undefined
    : { token: { kind: 'word', text: word, at }, length: word.length };
}
