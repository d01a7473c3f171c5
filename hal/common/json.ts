import type { z } from 'zod';

/** JSON that programs say to each other; undefined for what is none. For a schema to judge. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The field of what is wrong with a file and not with a part of it. */
export const WHOLE = 'the whole file';

/** `field: what is wrong with it`, one line, of the first thing that a schema found wrong. */
export function firstIssue({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join('.') || WHOLE}: ${issue?.message ?? 'unreadable'}`;
}

/** A text that is no JSON, or has a name twice. One line. */
export class JsonTextError extends Error {
  override readonly name = 'JsonTextError';
  constructor(
    /** Names from the outside in, with dots between; empty: the text as a whole. */
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * JSON (RFC 8259) that people edit: configuration, boards, calibration. Stricter than JSON.parse,
 * and with a place: of two values of one name the last would win unseen, so a name may stand once;
 * what an editor adds to the front (a byte order mark) is passed over. Throws JsonTextError.
 */
export function parseJsonText(text: string): unknown {
  return new JsonText(text).parse();
}

/** As parseJsonText; throws what `fault` makes of `field: what is wrong with it`. */
export function readJson(text: string, fault: (why: string) => Error): unknown {
  try {
    return parseJsonText(text);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw fault(`${error.field || WHOLE}: ${error.message}`);
  }
}

const BYTE_ORDER_MARK = '\uFEFF';
/** What a decoder of UTF-8 puts for bytes that are none. */
const NO_UTF8 = '\uFFFD';
const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;
const WORD = /[A-Za-z_$][\w$]*/y;
// Written with escapes alone below a space, RFC 8259 section 7.
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORDS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null };
/** Deeper than any file of ours, and no danger to the stack. */
const MAX_DEPTH = 100;

class JsonText {
  private at = 0;
  private readonly path: (string | number)[] = [];

  constructor(private readonly text: string) {}

  parse(): unknown {
    this.expectUtf8();
    if (this.text.startsWith(BYTE_ORDER_MARK)) this.at = 1;
    this.skip();
    if (this.at === this.text.length) throw this.wrong('it is empty');
    const value = this.value();
    this.skip();
    if (this.at < this.text.length) throw this.wrong(`nothing may follow, found ${this.found()}`);
    return value;
  }

  private expectUtf8(): void {
    const nul = this.text.indexOf('\0');
    if (nul >= 0) throw this.wrong('zero bytes: is it UTF-16? save it as UTF-8', Math.min(nul, 1));
    const bad = this.text.indexOf(NO_UTF8);
    if (bad >= 0) throw this.wrong('a letter that is not UTF-8; save it as UTF-8', bad);
  }

  private value(): unknown {
    const { text } = this;
    if (this.path.length > MAX_DEPTH) throw this.wrong('too deep');
    switch (text[this.at]) {
      case '{':
        return this.object();
      case '[':
        return this.array();
      case '"':
        return this.string();
    }
    const number = this.match(NUMBER);
    if (number !== undefined) return Number(number);
    const start = this.at;
    const word = this.match(WORD);
    if (word !== undefined && Object.hasOwn(WORDS, word)) return WORDS[word];
    this.at = start;
    throw this.wrong(`a value expected, found ${this.found()}${this.hint()}`);
  }

  private object(): unknown {
    const entries: [string, unknown][] = [];
    const first = new Map<string, number>();
    this.members('}', () => {
      const start = this.at;
      if (this.text[this.at] !== '"')
        throw this.wrong(`a name in "quotes" expected, found ${this.found()}${this.hint()}`);
      const name = this.string();
      this.path.push(name);
      const before = first.get(name);
      if (before !== undefined) throw this.twice(before, start);
      first.set(name, start);
      this.skip();
      if (this.text[this.at] !== ':') throw this.wrong(`":" expected, found ${this.found()}`);
      this.at += 1;
      this.skip();
      entries.push([name, this.value()]);
      this.path.pop();
    });
    return Object.fromEntries(entries);
  }

  private array(): unknown[] {
    const values: unknown[] = [];
    this.members(']', () => {
      this.path.push(values.length);
      values.push(this.value());
      this.path.pop();
    });
    return values;
  }

  /** From the opening bracket to the closing one. */
  private members(close: '}' | ']', one: () => void): void {
    const opened = this.at;
    this.at += 1;
    this.skip();
    if (this.text[this.at] === close) {
      this.at += 1;
      return;
    }
    for (;;) {
      one();
      this.skip();
      const next = this.text[this.at];
      if (next === undefined)
        throw this.wrong(`"${close}" is missing for the bracket of ${this.placeOf(opened)}`);
      if (next !== ',' && next !== close)
        throw this.wrong(`"," or "${close}" expected, found ${this.found()}${this.hint()}`);
      const comma = this.at;
      this.at += 1;
      if (next === close) return;
      this.skip();
      if (this.text[this.at] === close)
        throw this.wrong(`take away the comma before "${close}"`, comma);
    }
  }

  private string(): string {
    const quoted = this.match(STRING);
    if (quoted !== undefined) return JSON.parse(quoted);
    throw this.wrong('text in "quotes" that is not closed in its line, or has a wrong \\');
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private skip(): void {
    this.match(SPACE);
  }

  /** What stands here, short and in one line. */
  private found(): string {
    if (this.at >= this.text.length) return 'the end of the file';
    const rest = this.text.slice(this.at, this.at + 12).split(/\s/, 1)[0];
    return JSON.stringify(rest);
  }

  /** For what people write who know its relatives. */
  private hint(): string {
    const rest = this.text.slice(this.at, this.at + 2);
    if (/^(\/\/|\/\*|#)/.test(rest)) return '; JSON has no comments, take them away';
    return /^['\u2018-\u201f\u00ab\u00bb]/.test(rest) ? '; use straight double quotes' : '';
  }

  private twice(first: number, second: number): JsonTextError {
    const [one, two] = [this.placeOf(first), this.placeOf(second)];
    return new JsonTextError(
      this.path.join('.'),
      `stands twice, in ${one} and in ${two}; keep one`,
    );
  }

  private wrong(what: string, at = this.at): JsonTextError {
    return new JsonTextError('', `expected JSON (${this.placeOf(at)}: ${what})`);
  }

  /** Lines and columns from 1, as editors count; a byte order mark is no column. */
  private placeOf(at: number): string {
    const mark = this.text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
    const before = this.text.slice(mark, at);
    const lines = before.split('\n');
    return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
  }
}
