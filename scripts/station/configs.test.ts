import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { foldersOf, prepare } from '../../agent/host/folders.ts';
import { parseConfig } from '../../firmware/config.ts';
import { buttonOf, writeConfigs } from './configs.ts';
import { readStationOptions } from './options.ts';

const root = new URL('../..', import.meta.url).pathname;

describe('configurations of the processes', () => {
  let state: string;
  beforeEach(async () => {
    state = await mkdtemp(path.join(tmpdir(), 'station-'));
  });
  afterEach(() => rm(state, { recursive: true }));

  async function told(board: string) {
    const options = readStationOptions(['--state', state, '--board', board], {}, root);
    const folders = foldersOf(state);
    await prepare(folders);
    const button = buttonOf(options, folders);
    const network = { drivers: 'd.js', broker: '', brokerForPupils: '', pupilPage: '', button };
    const files = await writeConfigs(options, folders, network);
    const [firmware, media, agent] = await Promise.all(
      [files.firmware, files.media, files.agent].map((file) => readFile(file, 'utf8')),
    );
    return { options, button, firmware: parseConfig(firmware ?? '', files.firmware), media, agent };
  }

  it.each(['laptop', 'scripts/station/testing/no-camera.json'])(
    'of %s: firmware has that board with a button; nobody else knows of it',
    async (board) => {
      const { options, button, firmware, media, agent } = await told(board);
      expect(firmware.board).toEqual({ ...options.board, teacherButtonSocket: button });
      expect(path.dirname(button ?? '')).toBe(path.join(state, 'run'));
      for (const told of [agent, media]) expect(told).not.toContain('teacher');
      expect(JSON.parse(media ?? '').board).toBe(options.boardName);
      expect(firmware.state).toBe(path.join(state, 'run/firmware'));
    },
  );

  it('a board with its own button is not changed', async () => {
    const { options, button, firmware } = await told('deskmate-1');
    expect(button).toBeUndefined();
    expect(firmware.board).toEqual(options.board);
  });
});
