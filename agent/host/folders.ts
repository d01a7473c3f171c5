/** Where the simulator keeps what: memory of the robot, logs, and what lives only while it runs. */

import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { codeOf } from '../../hal/common/errors.ts';
import { socketAnswers } from '../../hal/common/unix-socket.ts';
import { makeFolder } from '../../hal/linux/storage/make-folder.ts';
import { OptionError, TakenError } from './given.ts';

export interface Folders {
  /** Survives: keys, bound devices, usage, calibration. `make clean` forgets it. */
  readonly data: string;
  readonly log: string;
  /** Sockets and configurations of this run. */
  readonly run: string;
  readonly worldSocket: string;
  readonly linkSocket: string;
  readonly adminSocket: string;
  readonly mediaSocket: string;
}

/** sun_path holds 108 bytes on Linux, 104 on macOS, with a zero at the end. */
const MAX_SOCKET_PATH = 100;

export function foldersOf(state: string): Folders {
  const near = path.join(state, 'run');
  const name = createHash('sha256').update(state).digest('hex').slice(0, 12);
  const fits = path.join(near, 'firmware.sock').length <= MAX_SOCKET_PATH;
  const run = fits ? near : path.join(tmpdir(), `deskmate-${name}`);
  return {
    data: path.join(state, 'data'),
    log: path.join(state, 'log'),
    run,
    worldSocket: path.join(run, 'world.sock'),
    linkSocket: path.join(run, 'firmware.sock'),
    adminSocket: path.join(run, 'admin.sock'),
    mediaSocket: path.join(run, 'media.sock'),
  };
}

/** Makes the folders; `run` begins empty. Refuses when another of its kind lives in them. */
export async function prepare(folders: Folders, again = 'make sim'): Promise<void> {
  if ((await socketAnswers(folders.worldSocket)) || (await socketAnswers(folders.adminSocket)))
    throw new TakenError(
      `Somebody already runs from ${path.dirname(folders.data)}. ` +
        `Stop it first, or keep this one apart: ${again} PORT=8400 STATE=.sim/second`,
    );
  try {
    await rm(folders.run, { recursive: true, force: true });
    for (const folder of [folders.data, folders.log, folders.run]) await makeFolder(folder, 0o700);
  } catch (error) {
    const code = codeOf(error) ?? error;
    throw new OptionError(
      `STATE=${path.dirname(folders.data)} is no folder that can be written (${code}). ` +
        `Leave STATE out, or name another folder: ${again} STATE=.sim/second`,
    );
  }
}

/** A configuration file for one process. It may hold a password: for our eyes only. */
export async function writeConfig(folders: Folders, name: string, value: object): Promise<string> {
  const file = path.join(folders.run, `${name}.json`);
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  return file;
}
