import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeText, html } from './markup.ts';

const decoded = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", '\0', '\u202E', 'a', '/', '=') }),
);

test('nothing in a value is markup, and a reader sees the value', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const escaped = escapeText(text);
      expect(escaped).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(escaped).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202A-\u202E\u2066-\u2069]/);
      const kept = [...decoded(escaped)];
      expect(kept).toHaveLength([...text].length);
      expect(kept.every((sign, n) => sign === '\uFFFD' || sign === [...text][n])).toBe(true);
    }),
  );
});

test('a template escapes values, in text and attributes, and keeps markup', () => {
  const made = html`<p title="${'"><b>'}">${[html`<i>${1.23456}</i>`, null, ' <']}</p>`;
  expect(made.text).toBe('<p title="&quot;&gt;&lt;b&gt;"><i>1.23</i> &lt;</p>');
});
