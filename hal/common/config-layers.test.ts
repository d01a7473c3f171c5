import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from './config-file.ts';
import { type ConfigPlace, mergeLayers, readLayers } from './config-layers.ts';

let folder: string;
let place: ConfigPlace;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deskmate-layers-'));
  place = { config: join(folder, 'a.json'), defaults: join(folder, 'defaults.json') };
  leave('defaults.json', {
    board: 'deskmate-1',
    log: { level: 'info', keep: 3 },
    urls: ['a', 'b'],
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

function leave(name: string, content: unknown): void {
  mkdirSync(join(folder, 'a.json.d'), { recursive: true });
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(folder, name), text);
}

function complaint(of = place): ConfigError {
  try {
    readLayers(of);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('configuration in layers', () => {
  it('is the defaults where nobody has said anything', () => {
    expect(readLayers(place).value).toMatchObject({ board: 'deskmate-1' });
  });

  it('is what the last has said: objects field by field, lists as a whole', () => {
    leave('a.json', { board: 'laptop', robot: 'r-1' });
    leave('a.json.d/20-b.json', { log: { level: 'debug' }, urls: ['c'] });
    leave('a.json.d/10-a.json', { log: { level: 'warn', colour: true }, robot: 'r-2' });
    for (const other of ['30-old.json.bak', '.40.json', 'README'])
      leave(`a.json.d/${other}`, 'not ours');
    const { value, fileOf } = readLayers(place);
    expect(value).toEqual({
      ...{ board: 'laptop', robot: 'r-2', urls: ['c'] },
      log: { level: 'debug', keep: 3, colour: true },
    });
    const names = (field: string): string => fileOf(field).slice(folder.length + 1);
    expect(names('board')).toBe('a.json');
    expect(names('log.level')).toBe('a.json.d/20-b.json');
    expect(names('log.keep')).toBe('defaults.json');
    expect(names('log.colour')).toBe('a.json.d/10-a.json');
    expect(names('urls.0')).toBe('a.json.d/20-b.json');
    expect(names('robot')).toBe('a.json.d/10-a.json');
    expect(names('missing')).toBe('a.json');
  });

  it('needs the file itself only where there is nothing else', () => {
    leave('a.json.d/10-a.json', { robot: 'r-1' });
    expect(readLayers({ config: place.config }).value).toEqual({ robot: 'r-1' });
    expect(readLayers(place).fileOf('page')).toBe(`${place.config}.d`);
    const nowhere = complaint({ config: join(folder, 'b.json') });
    expect(nowhere).toMatchObject({ file: join(folder, 'b.json'), code: 'ENOENT' });
  });

  it('says in which file what is wrong', () => {
    leave('a.json.d/10-a.json', '{"log": {"level": "info",\n"level": "warn"}}');
    const dropIn = join(folder, 'a.json.d/10-a.json');
    expect(complaint()).toMatchObject({ file: dropIn, field: 'log.level' });
    leave('a.json.d/10-a.json', '["a"]');
    expect(complaint()).toMatchObject({ file: dropIn, field: '' });
    leave('a.json.d/10-a.json', {});
    rmSync(join(folder, 'defaults.json'));
    expect(complaint()).toMatchObject({ file: place.defaults, code: 'ENOENT' });
  });

  it('takes a field of any name for a field', () => {
    const layers = ['{"__proto__": {"a": 1}}', '{"__proto__": {"b": 2}, "constructor": 3}'];
    const { value } = mergeLayers(
      { config: 'c' },
      layers.map((text, at) => ({ file: String(at), text })),
    );
    expect(JSON.stringify(value)).toBe('{"__proto__":{"a":1,"b":2},"constructor":3}');
  });
});
