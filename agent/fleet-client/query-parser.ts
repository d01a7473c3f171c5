/** Recursive descent over the tokens of a query; the grammar is in query.ts. */
import type { Language } from '../../hal/common/phrases.ts';
import { MAX_DEPTH, MAX_QUERY_LENGTH, MAX_TESTS, type Query, quoteText } from './query.ts';
import { FIELD_NAMES, type FieldName, fieldNamed } from './query-fields.ts';
import { type Token, tokensOf } from './query-tokens.ts';
import { nearest, valueFor } from './query-values.ts';
import { type QueryFault, tellQueryFault } from './query-words.ts';

export type ParsedQuery =
  | { readonly ok: true; readonly value: Query }
  /** `at`: offset in the text. `why`: in that language, without a full stop. */
  | { readonly ok: false; readonly why: string; readonly at: number };

export function parseQuery(text: string, language: Language = 'en'): ParsedQuery {
  const refuse = (fault: QueryFault, at: number): ParsedQuery => ({
    ...{ ok: false, why: tellQueryFault(fault, language), at },
  });
  if (text.length > MAX_QUERY_LENGTH)
    return refuse({ name: 'tooLong', most: MAX_QUERY_LENGTH }, MAX_QUERY_LENGTH);
  const cut = tokensOf(text);
  if (!cut.ok) return refuse(cut.fault, cut.at);
  if (cut.tokens.length === 1) return refuse({ name: 'empty' }, 0);
  try {
    return { ok: true, value: new Parser(cut.tokens).whole() };
  } catch (error) {
    if (error instanceof Mistake) return refuse(error.fault, error.at);
    throw error;
  }
}

/** Leaves the descent; never leaves this file. */
class Mistake extends Error {
  constructor(
    readonly fault: QueryFault,
    readonly at: number,
  ) {
    super(fault.name);
  }
}

class Parser {
  private next = 0;
  private tests = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): Query {
    const query = this.any(0);
    const token = this.peek();
    if (token.kind !== 'end')
      throw new Mistake({ name: 'joinWanted', found: shown(token) }, token.at);
    return query;
  }

  private any(depth: number): Query {
    const of = [this.all(depth)];
    while (this.takeWord('or')) of.push(this.all(depth));
    return joined('or', of);
  }

  private all(depth: number): Query {
    const of = [this.one(depth)];
    while (this.takeWord('and')) of.push(this.one(depth));
    return joined('and', of);
  }

  private one(depth: number): Query {
    const token = this.peek();
    if (depth > MAX_DEPTH) throw new Mistake({ name: 'tooDeep' }, token.at);
    if (this.takeWord('not')) return { kind: 'not', not: this.one(depth + 1) };
    if (token.kind !== 'open') return this.test();
    this.next++;
    const inner = this.any(depth + 1);
    const end = this.peek();
    if (end.kind === 'end') throw new Mistake({ name: 'openBracket' }, token.at);
    if (end.kind !== 'close') throw new Mistake({ name: 'joinWanted', found: shown(end) }, end.at);
    this.next++;
    return inner;
  }

  private test(): Query {
    this.tests++;
    const { at } = this.peek();
    if (this.tests > MAX_TESTS) throw new Mistake({ name: 'tooManyTests', most: MAX_TESTS }, at);
    const field = this.field();
    const operator = this.take();
    if (operator.kind !== 'operator')
      throw new Mistake({ name: 'operatorWanted', field, found: shown(operator) }, operator.at);
    const token = this.take();
    if (token.kind !== 'word' && token.kind !== 'quoted')
      throw new Mistake({ name: 'valueWanted', field, found: shown(token) }, token.at);
    const { op } = operator;
    const read = valueFor(field, op, { text: token.text, quoted: token.kind === 'quoted' });
    if (!read.ok) throw new Mistake(read.fault, read.of === 'operator' ? operator.at : token.at);
    return { kind: 'test', field, op, value: read.value };
  }

  private field(): FieldName {
    const token = this.take();
    if (token.kind !== 'word' || KEYWORD.test(token.text))
      throw new Mistake({ name: 'fieldWanted', found: shown(token) }, token.at);
    const { text: found, at } = token;
    const name = fieldNamed(found);
    if (name !== undefined) return name;
    const meant = nearest(found, FIELD_NAMES);
    if (meant !== undefined) throw new Mistake({ name: 'meantField', found, meant }, at);
    throw new Mistake({ name: 'unknownField', found, fields: FIELD_NAMES.join(', ') }, at);
  }

  /** The last token, `end`, is never passed. */
  private peek(): Token {
    return this.tokens[this.next] ?? { kind: 'end', at: 0 };
  }

  private take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.next++;
    return token;
  }

  private takeWord(word: string): boolean {
    const token = this.peek();
    if (token.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    this.next++;
    return true;
  }
}

const KEYWORD = /^(?:and|or|not)$/i;

/** Brackets around parts of the same kind mean nothing. */
function joined(kind: 'and' | 'or', parts: readonly Query[]): Query {
  const of = parts.flatMap((part) => (part.kind === kind ? part.of : [part]));
  const [only] = of;
  return of.length === 1 && only ? only : { kind, of };
}

/** Empty: the end. */
function shown(token: Token): string {
  switch (token.kind) {
    case 'word':
      return token.text;
    case 'quoted':
      return quoteText(token.text);
    case 'operator':
      return token.op;
    case 'open':
      return '(';
    case 'close':
      return ')';
    case 'end':
      return '';
  }
}
