import { beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../hal/ports/log.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import type { PeerStats } from '../media-link/peer.ts';
import type { PictureSize } from './picture-size.ts';
import { PictureSizeController } from './picture-size-controller.ts';

const well: PeerStats = { roundTripMs: 30, lossRatio: 0, encodeMs: 7 };

let clock: SimClock;
let stats: PeerStats | undefined;
let sizes: PictureSize[];
let controller: PictureSizeController;
beforeEach(() => {
  clock = new SimClock();
  stats = well;
  sizes = [];
  controller = new PictureSizeController({
    clock,
    log: silentLog,
    stats: () => stats && Promise.resolve(stats),
    onSize: (size) => sizes.push(size),
  });
  controller.follow(true);
});

describe('picture size controller', () => {
  it('steps down for an encoder that is too slow, and starts at that size with the next pupil', async () => {
    expect(controller.size).toBe('720p');
    stats = { ...well, encodeMs: 28 };
    await clock.advance(4_000);
    expect(sizes).toEqual(['480p']);
    controller.follow(false);
    expect(controller.size).toBe('480p');
  });

  it("steps down for the delay that the pupil's page reports, while that is recent", async () => {
    controller.measured(900);
    await clock.advance(2_500);
    expect(controller.size).toBe('720p');
    controller.measured(900);
    await clock.advance(1_000);
    expect(controller.size).toBe('480p');
  });

  it('ignores an outdated report', async () => {
    stats = undefined;
    controller.measured(900);
    await clock.advance(10_000);
    stats = well;
    await clock.advance(10_000);
    expect(controller.size).toBe('720p');
  });

  it('keeps a manual choice, whatever is measured, until set to auto again', async () => {
    controller.choose('480p');
    await clock.advance(60_000);
    expect(sizes).toEqual(['480p']);
    controller.choose('720p');
    stats = { ...well, encodeMs: 30 };
    await clock.advance(60_000);
    expect(controller.size).toBe('720p');
    controller.choose('auto');
    await clock.advance(4_000);
    expect(controller.size).toBe('480p');
    expect(sizes).toEqual(['480p', '720p', '480p']);
  });

  it('resets the choice with the session', () => {
    controller.choose('480p');
    controller.follow(false);
    expect(controller.size).toBe('720p');
  });

  it('takes no measurements while no camera picture is sent', async () => {
    stats = undefined;
    await clock.advance(60_000);
    expect(sizes).toEqual([]);
  });
});
