import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvOf, safeText } from './csv.ts';

const styles = fc.record({
  decimal: fc.constantFrom('point' as const, 'comma' as const),
  byteOrderMark: fc.boolean(),
});
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .array(fc.constantFrom('=', '"', ',', ';', '\r', '\n', "'", 'a', ' ', '\uFEFF'), {
      maxLength: 6,
    })
    .map((all) => all.join('')),
);
const number = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((value) => value / 100);

test('a kept parser reads what was written', () => {
  fc.assert(
    fc.property(styles, fc.array(fc.tuple(text, number)), (style, rows) => {
      const written = csvOf(['name', 'hours'], rows, style);
      const delimiter = style.decimal === 'comma' ? ';' : ',';
      const read = parse(written, { bom: true, delimiter, record_delimiter: '\r\n' });
      const back = read.slice(1).map(([name, hours]) => [name, Number(hours?.replace(',', '.'))]);
      expect(read[0]).toEqual(['name', 'hours']);
      expect(back).toEqual(rows.map(([name, hours]) => [safeText(name), hours === 0 ? 0 : hours]));
    }),
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1'])(
  'a spreadsheet does not run %j',
  (formula) => expect(safeText(formula)).toBe(`'${formula}`),
);

test('numbers stay numbers, with the decimal sign of the country', () => {
  const rows = [[-1.5, null]];
  expect(csvOf(['a', 'b'], rows)).toBe('a,b\r\n-1.5,\r\n');
  const style = { decimal: 'comma', byteOrderMark: true } as const;
  expect(csvOf(['a', 'b'], rows, style)).toBe('\uFEFFa;b\r\n-1,5;\r\n');
});

test('a row of another length, or no number, is refused', () => {
  expect(() => csvOf(['a'], [[1, 2]])).toThrow(/row 1: expected 1 fields, got 2/);
  expect(() => csvOf(['a'], [[Number.NaN]])).toThrow(/finite/);
});
