import { describe, expect, it } from 'vitest';
import { boards } from '../../../../hal/boards/board-file.ts';
import type { Check, Finding, Subject } from '../check.ts';
import { FakeMachine, type Given } from './fake-machine.ts';
import { subject } from './subjects.ts';

export type Case = readonly [
  name: string,
  given: Given,
  expected: readonly string[],
  about?: Subject,
];

/** A check over computers made up for it: which findings, of which verdict. */
export function table(check: Check, cases: readonly Case[]): void {
  describe(check.name, () => {
    for (const [name, given, expected, about = subject()] of cases)
      it(name, async () => {
        const found = await check.run(new FakeMachine(given), about);
        expect(found.map(told)).toEqual(expected);
      });
  });
}

const told = ({ verdict, key }: Finding): string => `${verdict} ${key}`;

export const onLaptop = subject({ board: boards.get('laptop') });
