/** Text of an HTML document, escaped wherever a value comes in. */

/** Text that is HTML already. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Child = Markup | string | number | null | readonly Child[];

/**
 * A template whose values are escaped, in text as in quoted attributes; values that are Markup are
 * not. A number gets two decimals at most; null is nothing.
 */
export function html(strings: TemplateStringsArray, ...children: readonly Child[]): Markup {
  const parts = strings.map((string, index) =>
    index === 0 ? string : `${written(children[index - 1] ?? null)}${string}`,
  );
  return new Markup(parts.join(''));
}

function written(child: Child): string {
  if (child === null) return '';
  if (child instanceof Markup) return child.text;
  if (typeof child === 'string') return escapeText(child);
  if (typeof child === 'number') return String(Number(child.toFixed(2)));
  return child.map(written).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Controls, marks that turn the direction of what follows, halves of surrogate pairs, non-characters. */
const UNFIT =
  /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]/gu;

/** For text and for attributes in quotes. What could make other text misleading becomes U+FFFD. */
export function escapeText(text: string): string {
  return text.replace(UNFIT, '\uFFFD').replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}
