import { expect, it } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { MemoryStorage } from '../../sim/testing/memory-storage.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { PRESETS_FILE, Presets } from './presets.ts';

async function opened(storage = new MemoryStorage()) {
  const clock = new SimClock();
  const presets = new Presets(storage, clock, silentLog);
  await presets.load();
  return { clock, storage, presets };
}

it('keeps stored presets across a restart', async () => {
  const { storage, presets } = await opened();
  presets.store('board', { pan: 12, tilt: 3 });
  await presets.settled();
  expect((await opened(storage)).presets.all.board).toEqual({ pan: 12, tilt: 3 });
});

it('storing 120 times a second does not cause as many writes', async () => {
  const { clock, storage, presets } = await opened();
  let writes = 0;
  const write = storage.write.bind(storage);
  storage.write = (name, text) => {
    writes += 1;
    return write(name, text);
  };
  for (let n = 0; n < 1_200; n++) {
    presets.store('board', { pan: n / 10, tilt: 0 });
    await clock.advance(1_000 / 120);
  }
  await clock.advance(2_000);
  // The file and its copy, at most once a second.
  expect(writes).toBeLessThanOrEqual(24);
  expect((await opened(storage)).presets.all.board).toEqual({ pan: 119.9, tilt: 0 });
});

it('reads the known fields of a newer file, and keeps the rest', async () => {
  const storage = new MemoryStorage();
  const newer = { board: { pan: 5, tilt: 1, zoom: 2 }, teacher: 'by voice', window: { pan: 90 } };
  storage.leave(PRESETS_FILE, JSON.stringify(newer));
  const { presets } = await opened(storage);
  expect(presets.all.board).toEqual({ pan: 5, tilt: 1 });
  expect(presets.all.teacher).toEqual({ pan: 20, tilt: 5 });
  presets.store('class', { pan: 100, tilt: 0 });
  await presets.settled();
  const kept = JSON.parse((await storage.read(PRESETS_FILE)) ?? '');
  const envelope = { schema: 'presets/1', minReader: 1 };
  expect(kept).toEqual({ ...envelope, ...newer, class: { pan: 100, tilt: 0 } });
});

it.each(['', '{', '[]', '{"board":{"pan":9999,"tilt":0}}'])(
  'starts with a file of %j',
  async (text) => {
    const storage = new MemoryStorage();
    storage.leave(PRESETS_FILE, text);
    expect((await opened(storage)).presets.all.board).toEqual({ pan: 0, tilt: 8 });
  },
);
