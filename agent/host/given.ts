/** What simulator and station have in common in how they are started. */

import { parseArgs } from 'node:util';
import { z } from 'zod';
import { messageOf } from '../../hal/common/errors.ts';
import { EX_UNAVAILABLE, EX_USAGE } from '../../hal/common/exit-codes.ts';

/** A start that cannot work, in words for people. */
export class OptionError extends Error {
  override readonly name: string = 'OptionError';
  readonly exitCode: number = EX_USAGE;
}

/** A valid choice that is in use: a port, a folder. */
export class TakenError extends OptionError {
  override readonly name = 'TakenError';
  override readonly exitCode = EX_UNAVAILABLE;
}

/** A port up to `last`; 0: any free one. */
export function portUpTo(last: number) {
  const expected = `expected a port number, 0 to ${last}`;
  return z
    .string()
    .regex(/^\d{1,5}$/, expected)
    .transform(Number)
    .refine((port) => port <= last, expected);
}

export const robotName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'expected 1-32 of a-z, 0-9 and hyphen');

export const logLevel = z.enum(['debug', 'info', 'warn', 'error']).default('info');

/**
 * `mqttPort` from the flag `--mqtt-port`, else from the environment's MQTT_PORT, and so all keys of
 * `options`; those of `flagsOnly` not from the environment. Throws OptionError, one line.
 */
export function readGiven<T extends z.ZodObject>(
  options: T,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  flagsOnly: readonly (keyof z.infer<T>)[] = [],
): z.infer<T> {
  const keys = Object.keys(options.shape);
  const flags = readFlags(keys.map(kebab), argv);
  // make exports variables that nobody set as empty ones.
  const around = (key: string) =>
    (flagsOnly.includes(key) ? undefined : env[upper(key)]) || undefined;
  const parsed = options.safeParse(
    Object.fromEntries(keys.map((key) => [key, flags[kebab(key)] ?? around(key)])),
  );
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const key = String(issue?.path[0]);
  const name = flags[kebab(key)] === undefined ? upper(key) : `--${kebab(key)}`;
  const given = flags[kebab(key)] ?? around(key) ?? '';
  throw new OptionError(`${name}=${given}: ${issue?.message}`);
}

function readFlags(names: readonly string[], argv: readonly string[]) {
  const string = { type: 'string' } as const;
  const options = Object.fromEntries(names.map((name) => [name, string]));
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (error) {
    // Node adds how to write what begins with a hyphen and is none of this.
    const [why] = messageOf(error).split('. To specify');
    throw new OptionError(`${why}. There are: ${names.map((name) => `--${name}`).join(', ')}`);
  }
}

const kebab = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const upper = (key: string): string => kebab(key).replaceAll('-', '_').toUpperCase();
