import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Column, tableLines, tellTable } from './table.ts';
import { tableFlags } from './table-flags.ts';
import { printable, truncated, widthOf } from './text-width.ts';

interface Robot {
  readonly name: string;
  readonly battery: number | null;
}
const columns: Column<Robot>[] = [
  { key: 'name', head: 'Name', cell: ({ name }) => name, least: 4 },
  {
    ...{ key: 'battery', head: 'Battery', align: 'right' as const },
    cell: ({ battery }) =>
      battery === null
        ? '?'
        : battery < 20
          ? { text: `${battery}% low`, paint: 'red' }
          : `${battery}%`,
    order: ({ battery }) => battery,
  },
];
const rows: Robot[] = [
  { name: 'desk-10', battery: 5 },
  { name: 'desk-9', battery: 100 },
  { name: '教室のロボット', battery: null },
];
const on = (isTTY: boolean, width = 80, colour = false) => ({
  ...{ colour, columns: width, output: { isTTY } as NodeJS.WriteStream },
});

describe('a table', () => {
  it('is aligned by what a terminal shows', () => {
    expect(tableLines(columns, rows, on(false))).toEqual([
      '  Name             Battery',
      '  desk-10           5% low',
      '  desk-9              100%',
      '  教室のロボット         ?',
    ]);
  });

  it('is cut to a narrow terminal, never in a pipe', () => {
    const lines = tableLines(columns, rows, on(true, 20));
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(20);
    expect(lines[3]).toContain('教室の…');
    expect(tableLines(columns, rows, on(false, 20))[3]).toContain('教室のロボット');
  });

  it('colours say nothing that words do not', () => {
    const plain = tableLines(columns, rows, on(true));
    const coloured = tableLines(columns, rows, on(true, 80, true));
    expect(coloured[1]).toContain('\u001b[31m5% low\u001b[0m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are
    expect(coloured.map((line) => line.replace(/\u001b\[\d+m/g, ''))).toEqual(plain);
  });

  const flags = tableFlags(['name', 'battery']);
  const told = (given: Record<string, string | true>, of = rows): string => {
    let out = '';
    const line = (text = '') => {
      out += `${text}\n`;
    };
    const terminal = { ...on(false), line } as never;
    const table = { columns, rows: of, forPrograms: (all: readonly Robot[]) => all, none: 'none' };
    tellTable({ terminal, language: 'en', flags: given }, table, flags);
    return out;
  };
  const sorted = (sort: string) =>
    JSON.parse(told({ sort, json: true })).map((one: Robot) => one.battery);

  it('is sorted: numbers as numbers, what is unknown last', () => {
    expect(sorted('battery')).toEqual([5, 100, null]);
    expect(sorted('-battery')).toEqual([100, 5, null]);
    expect(sorted('name').slice(0, 2)).toEqual([100, 5]);
  });

  it('has the columns asked for, in that order', () => {
    expect(told({ columns: 'battery,name' }).split('\n')[0]).toBe('  Battery   Name');
    expect(told({}, [])).toBe('none\n');
  });
});

describe('text of a terminal', () => {
  it.each([
    ['é', 1],
    ['e\u0301', 1],
    ['👩‍🏫', 2],
    ['🇳🇱', 2],
    ['漢', 2],
    ['\u001b[31mred\u001b[0m', 3],
  ])('%j takes %i', (text, cells) => expect(widthOf(text)).toBe(cells));

  it('cut is never wider than asked, and never cuts a letter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, cells) => {
        expect(widthOf(truncated(text, cells))).toBeLessThanOrEqual(cells);
      }),
    );
    expect(truncated('👩‍🏫👩‍🏫👩‍🏫', 4)).toBe('👩‍🏫…');
  });

  it('never steers the terminal', () => {
    expect(printable('a\u001b[2Jb\r\n\u202ec\u0007')).toBe('a\ufffd[2Jb\ufffd\ufffd\ufffdc\ufffd');
  });
});
