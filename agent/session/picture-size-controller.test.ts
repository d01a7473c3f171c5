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

describe('keeping the size of the picture', () => {
  it('steps down for an encoder that is too slow, and begins there with the next pupil', async () => {
    expect(controller.size).toBe('720p');
    stats = { ...well, encodeMs: 28 };
    await clock.advance(4_000);
    expect(sizes).toEqual(['480p']);
    controller.follow(false);
    expect(controller.size).toBe('480p');
  });

  it("steps down for what the pupil's page measures, as long as that is news", async () => {
    controller.measured(900);
    await clock.advance(2_500);
    expect(controller.size).toBe('720p');
    controller.measured(900);
    await clock.advance(1_000);
    expect(controller.size).toBe('480p');
  });

  it('forgets a report that is too old to say anything', async () => {
    stats = undefined;
    controller.measured(900);
    await clock.advance(10_000);
    stats = well;
    await clock.advance(10_000);
    expect(controller.size).toBe('720p');
  });

  it('obeys a choice by hand, whatever is measured, until it is left to the robot again', async () => {
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

  it('ends a choice with the session', () => {
    controller.choose('480p');
    controller.follow(false);
    expect(controller.size).toBe('720p');
  });

  it('measures nothing while no picture of the camera goes out', async () => {
    stats = undefined;
    await clock.advance(60_000);
    expect(sizes).toEqual([]);
  });
});
