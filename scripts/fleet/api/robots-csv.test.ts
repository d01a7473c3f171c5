import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRobotsCsv } from './robots-csv.ts';

const HEADER = 'id,school,name,robotKey';
const faults = (text: string): string[] => {
  const parsed = parseRobotsCsv(text);
  return parsed.ok
    ? []
    : parsed.errors.map(({ row, field, message }) => `${row} ${field}: ${message}`);
};

describe('robots as CSV', () => {
  it('takes quotes, empty fields, and the line ends of spreadsheets', () => {
    const text = `\uFEFFname,id\r\n"Ada ""A"", big",robot-1\r\n,robot-2\r\n\r\n`;
    expect(parseRobotsCsv(text)).toEqual({
      ok: true,
      robots: [
        { id: 'robot-1', name: 'Ada "A", big', school: null, robotKey: null },
        { id: 'robot-2', name: null, school: null, robotKey: null },
      ],
    });
  });

  it('names the row and the field of the one that is wrong among 200', () => {
    const rows = Array.from({ length: 200 }, (_, n) => `robot-${n},norra,R ${n},`);
    rows[149] = 'robot-149,Norra Skolan,R,';
    expect(faults([HEADER, ...rows].join('\n'))).toEqual([
      '151 school: expected 1-32 of a-z, 0-9 and hyphen',
    ]);
  });

  it('refuses rows, columns and files that are not right', () => {
    expect(faults(`${HEADER}\nrobot-1,norra`)).toEqual(['2 row: expected 4 fields, found 2']);
    expect(faults('id\nrobot-1\nrobot-1')).toEqual(['3 id: robot-1 stands twice']);
    expect(faults('school\nnorra')).toMatchObject([/^1 id: expected the columns/]);
    expect(faults('id,colour\nrobot-1,red')).toMatchObject([/^1 colour: expected the columns/]);
    expect(faults('id,id\na,b')).toEqual(['1 file: a column stands twice']);
    expect(faults('id\n"robot-1')).toMatchObject([/not closed/]);
    expect(faults('')).toMatchObject([/^1 id|^1 /]);
  });

  it('never throws', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string().map((rest) => `id,name\n${rest}`),
    );
    fc.assert(fc.property(text, (csv) => void parseRobotsCsv(csv)));
  });
});
