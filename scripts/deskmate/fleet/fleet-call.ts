/** What verbs of fleets have in common: the folder, files that people hand each other, errors. */
import { randomBytes } from 'node:crypto';
import { lstat, open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { Thumbprint } from '../../../agent/wire/signalling.ts';
import { codeOf, firstLineOf } from '../../../hal/common/errors.ts';
import { readTextFile, TextFileError } from '../../../hal/common/text-file.ts';
import { textFlag } from '../command/flag.ts';
import { staffFolder } from '../command/own-key.ts';
import { type Call, CommandError, EXIT, usageError } from '../command/verb.ts';
import { FleetError, type FleetFaultReason } from './fleet-error.ts';
import { type FleetFolder, openFleet } from './fleet-folder.ts';

export const newId = (): string => randomBytes(16).toString('hex');

export function fleetDir(call: Call): string {
  return path.resolve(textFlag(call, 'dir') ?? path.join(staffFolder(call), 'fleet'));
}

/** Opens the fleet's folder and acts on it. Throws CommandError. */
export function withFleet<T>(call: Call, act: (fleet: FleetFolder) => Promise<T>): Promise<T> {
  return told(async () => act(await openFleet(fleetDir(call), passphraseOf(call))));
}

/** With each FleetError as the CommandError that it is. */
export async function told<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof FleetError ? asCommandError(error) : error;
  }
}

const CODES: Readonly<Record<FleetFaultReason, ConstructorParameters<typeof CommandError>[0]>> = {
  missing: 'fleetMissing',
  exists: 'fleetExists',
  exposed: 'fleetExposed',
  incomplete: 'fleetIncomplete',
  busy: 'fleetBusy',
  passphraseNeeded: 'passphraseNeeded',
  passphraseWrong: 'passphraseWrong',
  wrong: 'fileWrong',
  robot: 'robotRefused',
};

function asCommandError({ reason, where, message }: FleetError): CommandError {
  const exit = reason === 'exposed' ? EXIT.notPermitted : EXIT.data;
  return new CommandError(CODES[reason], exit, message, { where });
}

/** The first line of `--passphrase-file`. */
export function passphraseOf(call: Call): string | undefined {
  const file = textFlag(call, 'passphrase-file');
  return file === undefined ? undefined : readInput(file).split(/\r?\n/, 1)[0];
}

/** A file that was named on the command line. Throws CommandError. */
export function readInput(file: string): string {
  try {
    return readTextFile(file);
  } catch (error) {
    if (!(error instanceof TextFileError)) throw error;
    throw new CommandError('fileWrong', EXIT.data, `${file}: ${error.message}`, { where: file });
  }
}

/** Throws CommandError when `writeOutput` would: asked before anything is signed or noted. */
export async function expectFree(file: string): Promise<void> {
  const isThere = await lstat(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw notFree(file);
}

const notFree = (file: string): CommandError =>
  new CommandError(
    'fleetExists',
    EXIT.data,
    `${file} exists and is not written over; choose another file`,
    { where: file },
  );

/** Writes a file that was not there, whole or not at all. Throws CommandError. */
export async function writeOutput(file: string, text: string, mode = 0o644): Promise<void> {
  try {
    const handle = await open(file, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw notFree(file);
    throw new CommandError('fileWrong', EXIT.io, `${file}: ${firstLineOf(error)}`, { where: file });
  }
}

/** Text that a schema takes, or a usage error that names the option. */
export function checked<T>(name: string, schema: z.ZodType<T>, text: string): T {
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw usageError(`${name}: ${parsed.error.issues[0]?.message ?? 'not valid'}, got “${text}”`);
}

/** `--root`. */
export function rootOf(call: Call): string | undefined {
  const text = textFlag(call, 'root');
  return text === undefined ? undefined : checked('--root', Thumbprint, text);
}
