/**
 * Ids of robots and schools seen last, for completion: quick, and without a network. Whoever lists
 * robots keeps them with `rememberNames`; a damaged or missing file only means no suggestions.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Completer } from './flag.ts';
import { xdgFolder } from './xdg.ts';

export interface KnownNames {
  readonly robots: readonly string[];
  readonly schools: readonly string[];
}

const FILE = 'names.json';
/** Ids of robots and schools; anything else would be typed into somebody's shell. */
const ID = /^[a-z0-9-]{1,32}$/;
/** More than the largest fleet. */
const MOST = 20_000;

export async function rememberNames(names: KnownNames, env: NodeJS.ProcessEnv): Promise<void> {
  const folder = xdgFolder('cache', env);
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = path.join(folder, `.${FILE}.${process.pid}`);
  await writeFile(temporary, JSON.stringify(names), { mode: 0o600 });
  await rename(temporary, path.join(folder, FILE));
}

/** Never rejects. */
export async function knownNames(env: NodeJS.ProcessEnv): Promise<KnownNames> {
  const folder = xdgFolder('cache', env);
  const text = folder && (await readFile(path.join(folder, FILE), 'utf8').catch(() => ''));
  const read: unknown = text ? parsed(text) : undefined;
  const ids = (key: keyof KnownNames): string[] => {
    const list: unknown = typeof read === 'object' && read !== null ? Reflect.get(read, key) : [];
    if (!Array.isArray(list)) return [];
    return list
      .slice(0, MOST)
      .filter((one): one is string => typeof one === 'string' && ID.test(one));
  };
  return { robots: ids('robots'), schools: ids('schools') };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** For `complete` of an operand or option that takes a robot's id. */
export const completeRobots: Completer = async (env) => (await knownNames(env)).robots;
/** For `complete` of an operand or option that takes a school's id. */
export const completeSchools: Completer = async (env) => (await knownNames(env)).schools;
