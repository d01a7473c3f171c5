/**
 * Configuration in layers: what the package brings (`--defaults`), the file of the robot (`--config`),
 * and drop-ins in the folder of that name with `.d`, in the order of their names. Later ones win;
 * objects are merged, lists and values replaced. Whatever is wrong is said with the file it stands in.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './config-file.ts';
import { JsonTextError, parseJsonText } from './json.ts';
import { readTextFile, TextFileError } from './text-file.ts';

export interface ConfigPlace {
  /** May be missing where there are defaults or drop-ins. */
  readonly config: string;
  readonly defaults?: string | undefined;
}

export interface Layer {
  readonly file: string;
  readonly text: string;
}

export interface Layers {
  readonly value: unknown;
  /** The file that has the last word on a field (dots between names), or where it would be said. */
  fileOf(field: string): string;
}

export const dropInFolder = (config: string): string => `${config}.d`;

/** The drop-ins among the names of a folder, in order. */
export const dropInsAmong = (names: readonly string[]): string[] =>
  names.filter((name) => /^[^.].*\.json$/.test(name)).sort();

/** Throws ConfigError. */
export function readLayers(place: ConfigPlace): Layers {
  const { config, defaults } = place;
  const folder = dropInFolder(config);
  const dropIns = dropInsAmong(namesIn(folder)).map((name) => layerOf(join(folder, name)));
  const below = defaults === undefined ? [] : [layerOf(defaults)];
  const own = layerIfThere(config, below.length + dropIns.length > 0);
  return mergeLayers(place, [...below, ...own, ...dropIns]);
}

/** Throws ConfigError. */
export function mergeLayers({ config }: ConfigPlace, layers: readonly Layer[]): Layers {
  const said = new Map<string, string>();
  const value = layers.map(parsed).reduce<unknown>((below, { file, json }, at) => {
    if (at > 0 && !(isObject(below) && isObject(json)))
      throw new ConfigError('', 'expected an object, as in the files before it', file);
    note(said, file, '', json);
    return merged(below, json);
  }, undefined);
  const home = layers.some(({ file }) => file === config) ? config : dropInFolder(config);
  return { value, fileOf: (field) => whoSaid(said, field) ?? home };
}

function parsed({ file, text }: Layer): { file: string; json: unknown } {
  try {
    return { file, json: parseJsonText(text) };
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw new ConfigError(error.field, error.message, file);
  }
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `fromEntries` makes a field of any name, `__proto__` too. */
function merged(below: unknown, above: unknown): unknown {
  if (!isObject(below) || !isObject(above)) return above;
  const mine = Object.entries(above).map(([name, value]): [string, unknown] => [
    name,
    Object.hasOwn(below, name) ? merged(below[name], value) : value,
  ]);
  return Object.fromEntries([...Object.entries(below), ...mine]);
}

function note(said: Map<string, string>, file: string, path: string, json: unknown): void {
  if (path !== '') said.set(path, file);
  if (!isObject(json)) return;
  for (const [name, value] of Object.entries(json))
    note(said, file, path === '' ? name : `${path}.${name}`, value);
}

/** Of what is missing in an object: whoever has said the object. */
function whoSaid(said: ReadonlyMap<string, string>, field: string): string | undefined {
  for (let path = field; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('.')))) {
    const file = said.get(path);
    if (file !== undefined) return file;
  }
  return undefined;
}

function layerOf(file: string): Layer {
  try {
    return { file, text: readTextFile(file) };
  } catch (error) {
    if (!(error instanceof TextFileError)) throw error;
    throw new ConfigError('', error.message, file, error.code);
  }
}

function layerIfThere(file: string, others: boolean): Layer[] {
  try {
    return [layerOf(file)];
  } catch (error) {
    if (others && error instanceof ConfigError && error.code === 'ENOENT') return [];
    throw error;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
    // A file that is no folder has no drop-ins either: a pipe's path with .d, for one.
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new ConfigError('', `cannot be read (${code}): give this user the right`, folder, code);
  }
}
