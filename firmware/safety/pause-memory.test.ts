import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileStorage } from '../../hal/linux/storage/file-storage.ts';
import { silentLog } from '../../hal/ports/log.ts';
import { MemoryStorage } from '../../sim/testing/memory-storage.ts';
import { awakeRig, HERE, Rig } from '../testing/rig.ts';
import { PAUSE_OUTLIVES_SESSION_MS } from './pause.ts';
import { PauseMemory } from './pause-memory.ts';

const lesson = (memory: MemoryStorage): Promise<Rig> => awakeRig({ memory });

describe("the teacher's pause", () => {
  it('survives a crash of firmware, and is lifted by the next press', async () => {
    const memory = new MemoryStorage();
    const before = await lesson(memory);
    before.body.teacherButton.press();
    await before.clock.advance(50);
    const robot = await lesson(memory);
    expect(robot.last).toMatchObject({ paused: true, cameraOn: false });
    expect(robot.refusals).toContain('paused');
    robot.body.teacherButton.press();
    await robot.clock.advance(500);
    expect(robot.last).toMatchObject({ paused: false, cameraOn: true });
    const again = await lesson(memory);
    expect(again.last.paused).toBe(false);
  });

  it('ends by itself as it would have without the crash', async () => {
    const memory = new MemoryStorage();
    const before = await lesson(memory);
    before.body.teacherButton.press();
    await before.clock.advance(500);
    const robot = new Rig({ memory });
    await robot.start();
    robot.connect({ ...HERE, presence: 'asleep', camera: false });
    await robot.clock.advance(PAUSE_OUTLIVES_SESSION_MS - 1_000);
    expect(robot.last.paused).toBe(true);
    await robot.clock.advance(2_000);
    expect(robot.last.paused).toBe(false);
  });

  it('is assumed when the files cannot be read', async () => {
    const newers = '{"schema":"pause/2","minReader":2,"paused":false,"sessionSeen":false}';
    for (const text of ['', '{', '{"paused":1}', 'null', newers]) {
      const memory = new MemoryStorage();
      await memory.write('pause.json', text);
      const recalled = await new PauseMemory(memory, silentLog).recall(5);
      expect(recalled).toMatchObject({ pause: { name: 'paused' }, restarted: true });
    }
    const fresh = await new PauseMemory(new MemoryStorage(), silentLog).recall(5);
    expect(fresh).toEqual({ pause: { name: 'running' }, restarted: false });
  });

  /** Operations that fail from some moment on; the next process has the same disk. */
  function refusing(memory: MemoryStorage, what: readonly ('write' | 'remove')[]): void {
    const refuse = () => Promise.reject(new Error('ENOSPC'));
    for (const call of what) memory[call] = refuse;
  }
  function healed(memory: MemoryStorage): void {
    memory.write = MemoryStorage.prototype.write;
    memory.remove = MemoryStorage.prototype.remove;
  }

  it('survives a crash although the folder is full when it begins', async () => {
    const memory = new MemoryStorage();
    const before = await lesson(memory);
    expect(before.last.cameraOn).toBe(true);
    refusing(memory, ['write']);
    before.body.teacherButton.press();
    await before.clock.advance(50);
    before.firmware.halt();
    // As full as before, and with room again.
    const full = await lesson(memory);
    expect(full.last).toMatchObject({ paused: true, cameraOn: false });
    full.firmware.halt();
    healed(memory);
    const robot = await lesson(memory);
    expect(robot.last).toMatchObject({ paused: true, cameraOn: false });
    robot.body.teacherButton.press();
    await robot.clock.advance(1_000);
    expect(robot.last).toMatchObject({ paused: false, cameraOn: true });
  });

  it('is assumed at a start with an unwritable folder', async () => {
    const memory = new MemoryStorage();
    const before = await lesson(memory);
    refusing(memory, ['write', 'remove']);
    before.body.teacherButton.press();
    await before.clock.advance(50);
    before.firmware.halt();
    const robot = await lesson(memory);
    expect(robot.last).toMatchObject({ paused: true, cameraOn: false, faults: ['pauseMemory'] });
  });

  it.each(['pause.json', 'begun'])(
    'is assumed where a folder is named %s, until that is mended',
    async (name) => {
      const folder = await mkdtemp(join(tmpdir(), 'deskmate-pause-'));
      await mkdir(join(folder, name, 'something'), { recursive: true });
      const memory = new PauseMemory(FileStorage.at(folder), silentLog);
      expect(await memory.recall(5)).toMatchObject({ pause: { name: 'paused' }, restarted: true });
      let nowMs = 5;
      const says = () => readFile(join(folder, 'pause.json'), 'utf8').catch(String);
      for (const paused of [true, false]) {
        const pause = { name: 'paused', sessionSeen: true, emptySinceMs: 5 } as const;
        await expect
          .poll(() => {
            nowMs += 1_000;
            memory.keep(paused ? pause : { name: 'running' }, nowMs);
            return says();
          })
          .toContain(`"paused":${paused}`);
        expect(memory.works).toBe(true);
        const next = await new PauseMemory(FileStorage.at(folder), silentLog).recall(5);
        expect(next.pause.name).toBe(paused ? 'paused' : 'running');
      }
      await rm(folder, { recursive: true });
    },
  );

  it('is written as soon as the folder is writable', async () => {
    const memory = new MemoryStorage();
    const before = await lesson(memory);
    refusing(memory, ['write', 'remove']);
    before.body.teacherButton.press();
    await before.clock.advance(5_000);
    healed(memory);
    await before.clock.advance(1_100);
    before.firmware.halt();
    expect((await lesson(memory)).last).toMatchObject({ paused: true, cameraOn: false });
  });

  it('keeps the camera off from the start until it can be stored', async () => {
    const memory = new MemoryStorage();
    refusing(memory, ['write']);
    const robot = await lesson(memory);
    expect(robot.last).toMatchObject({ paused: false, cameraOn: false, faults: ['pauseMemory'] });
    healed(memory);
    await robot.clock.advance(2_000);
    expect(robot.last).toMatchObject({ cameraOn: true, faults: [] });
  });

  it('keeps the camera off when the folder was emptied and is unwritable', async () => {
    const memory = new MemoryStorage();
    const robot = await lesson(memory);
    for (const name of ['begun', 'pause.json']) await memory.remove(name);
    refusing(memory, ['write']);
    for (const paused of [true, false]) {
      robot.body.teacherButton.press();
      await robot.clock.advance(1_500);
      expect(robot.last).toMatchObject({ paused, cameraOn: false, faults: ['pauseMemory'] });
    }
    healed(memory);
    await robot.clock.advance(2_000);
    expect(robot.last).toMatchObject({ cameraOn: true, faults: [] });
  });

  it('ends permanently only when that could be written', async () => {
    const memory = new MemoryStorage();
    const before = await lesson(memory);
    before.body.teacherButton.press();
    await before.clock.advance(1_100);
    refusing(memory, ['write']);
    before.body.teacherButton.press();
    await before.clock.advance(1_000);
    expect(before.last).toMatchObject({ paused: false, cameraOn: true });
    before.firmware.halt();
    healed(memory);
    expect((await lesson(memory)).last).toMatchObject({ paused: true });
  });

  it('holds when the folder is unwritable, but does not survive a crash', async () => {
    const memory = new MemoryStorage();
    memory.write = () => Promise.reject(new Error('read-only'));
    const robot = await lesson(memory);
    robot.body.teacherButton.press();
    await robot.clock.advance(500);
    expect(robot.last.paused).toBe(true);
  });
});
