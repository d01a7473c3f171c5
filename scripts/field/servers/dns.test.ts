import { expect, it } from 'vitest';
import { answerTo } from './dns.ts';

function query(name: string, type: number): Buffer {
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  return Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, type, 0, 1]);
}
const code = (answer: Buffer | undefined): number => (answer?.readUInt16BE(2) ?? -1) & 15;
const answers = (answer: Buffer | undefined): number => answer?.readUInt16BE(6) ?? -1;

it('gives the address of a server, case-insensitively', () => {
  const answer = answerTo(query('Turn.Field.test', 1));
  expect([code(answer), answers(answer)]).toEqual([0, 1]);
  expect([...(answer ?? []).slice(-4)]).toEqual([203, 0, 113, 10]);
  expect(answer?.readUInt16BE(0)).toBe(0x1234);
});

it('has no IPv6 address for it, and no other names', () => {
  const six = answerTo(query('turn.field.test', 28));
  expect([code(six), answers(six)]).toEqual([0, 0]);
  const stranger = answerTo(query('a.local', 1));
  expect([code(stranger), answers(stranger)]).toEqual([3, 0]);
});

it('does not answer what is not a query', () => {
  for (const bytes of [[], [1, 2, 3], [...query('a.b', 1).subarray(0, 15)]])
    expect(answerTo(Buffer.from(bytes))).toBeUndefined();
});
