/** For the scripts that are TypeScript. */
import type { ParseArgsConfig, parseArgs } from 'node:util';

export const EXIT_USAGE: 64;
export class UsageError extends Error {}
type Options = NonNullable<ParseArgsConfig['options']>;
export function readArguments<const O extends Options = Record<never, never>>(
  args: readonly string[],
  known: {
    readonly usage: string;
    readonly options?: O;
    readonly words?: readonly [least: number, most: number];
  },
): {
  readonly values: ReturnType<
    typeof parseArgs<{ options: O; allowPositionals: true; strict: true }>
  >['values'];
  readonly words: readonly string[];
};
