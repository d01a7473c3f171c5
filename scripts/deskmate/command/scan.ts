/** Which of the arguments are words and which are options, before it is known which verb is meant. */
import type { Flags } from './flag.ts';

export interface Word {
  readonly text: string;
  /** Its place among the arguments. */
  readonly at: number;
}

export interface Scanned {
  readonly words: readonly Word[];
  /** In the order given; `value` as typed, after a space or `=`. */
  readonly options: readonly { readonly name: string; readonly value?: string }[];
  /** The option whose value would come next. */
  readonly open?: string;
  /** After `--` everything is a word. */
  readonly ended: boolean;
}

/** Values of options in `flags` are not taken for words. Unknown options take none. */
export function scan(args: readonly string[], flags: Flags): Scanned {
  const words: Word[] = [];
  const options: { name: string; value?: string }[] = [];
  let open: string | undefined;
  let ended = false;
  args.forEach((text, at) => {
    if (open !== undefined) {
      options.push({ name: open, value: text });
      open = undefined;
    } else if (ended || !/^-./.test(text)) words.push({ text, at });
    else if (text === '--') ended = true;
    else {
      const { name, value } = optionOf(text, flags);
      if (value === undefined && takesValue(name, flags)) open = name;
      else options.push(value === undefined ? { name } : { name, value });
    }
  });
  return { words, options, ended, ...(open !== undefined && { open }) };
}

function optionOf(text: string, flags: Flags): { name: string; value?: string } {
  if (text.startsWith('--')) {
    const sign = text.indexOf('=');
    return sign < 0
      ? { name: text.slice(2) }
      : { name: text.slice(2, sign), value: text.slice(sign + 1) };
  }
  const name = Object.keys(flags).find((one) => flags[one]?.short === text[1]) ?? text.slice(1);
  // `-oFILE`; letters of switches may stand together: `-hV`.
  return text.length > 2 && takesValue(name, flags) ? { name, value: text.slice(2) } : { name };
}

const takesValue = (name: string, flags: Flags): boolean =>
  Object.hasOwn(flags, name) && flags[name]?.type !== 'boolean';
