import { describe, expect, it } from 'vitest';
import { mergeLayers } from '../../hal/common/config-layers.ts';
import { mediaConfigFrom } from './config.ts';

const good = {
  socket: '/run/deskmate-media/media.sock',
  drivers: '/usr/lib/deskmate/drivers.js',
  board: 'deskmate-1',
  logLevel: 'info',
};
const FILE = '/etc/deskmate/media.json';
const read =
  (change: object, note: (line: string) => void = () => {}) =>
  () => {
    const layers = [
      { file: '/usr/lib/deskmate/media.json', text: JSON.stringify(good) },
      { file: FILE, text: JSON.stringify(change) },
    ];
    return mediaConfigFrom(mergeLayers({ config: FILE }, layers), note).config;
  };

describe('configuration of media', () => {
  it('is read, and of a newer version without what is not known here', () => {
    expect(read({})()).toEqual(good);
    const notes: string[] = [];
    expect(read({ colour: 'red' }, (line) => notes.push(line))()).toEqual(good);
    expect(notes).toEqual(['colour: unknown to this version, passed over']);
  });

  it('says which field is wrong and what was expected', () => {
    expect(read({ board: 'other' })).toThrow(/^\/etc\/deskmate\/media.json: board: .*deskmate-1/);
    expect(read({ board: 7, colour: 1 })).toThrow(/media.json: board: /);
    expect(read({ socket: '' })).toThrow('socket: expected a path');
  });
});
