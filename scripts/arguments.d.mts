/** For the scripts that are TypeScript. */
import type { ParseArgsConfig } from 'node:util';

export const EXIT_USAGE: 64;
export class UsageError extends Error {}
export interface Known {
  readonly usage: string;
  readonly options?: NonNullable<ParseArgsConfig['options']>;
  readonly words?: readonly [least: number, most: number];
}
export function readArguments(
  args: readonly string[],
  known: Known,
): {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly words: readonly string[];
};
