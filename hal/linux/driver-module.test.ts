import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import type { Board } from '../boards/board.ts';
import { laptop } from '../boards/laptop.ts';
import type { DriverModule } from '../ports/drivers.ts';
import { openBody, openMedia } from './driver-module.ts';
import { SystemClock } from './time/system-clock.ts';

/** A machine with nothing on it. */
const bare: Board = {
  ...laptop,
  kernel: { ...laptop.kernel, battery: null, thermalZone: null, watchdog: null },
  camera: null,
  sound: null,
};

describe('drivers on Linux, as a module', () => {
  it('are absent ones on a bare machine', async () => {
    const module: DriverModule = { openBody, openMedia };
    const said: string[] = [];
    const context = {
      clock: new SystemClock(),
      board: bare,
      logLine: (line: string) => said.push(line),
    };
    const [body, media] = await Promise.all([module.openBody(context), module.openMedia(context)]);
    expect(body.servos.present || body.cameraRail.present).toBe(false);
    expect(media.camera.present || media.microphone.present || media.speaker.present).toBe(false);
    await Promise.all([body.close(), media.close()]);
    expect(said).toEqual([]);
  });

  it('bring firmware no code of camera and sound, and the agent none of the body', async () => {
    const { metafile } = await build({
      entryPoints: ['hal/linux/driver-module.ts'],
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      write: false,
      metafile: true,
      outdir: 'nowhere',
    });
    /** Sources that are loaded with `source` without asking, other than by a dynamic import. */
    const loadedWith = (source: string, seen = new Set<string>()): Set<string> => {
      if (seen.has(source)) return seen;
      seen.add(source);
      for (const { path, kind } of metafile.inputs[source]?.imports ?? [])
        if (kind === 'import-statement') loadedWith(path, seen);
      return seen;
    };
    const media = /^hal\/linux\/(camera|sound|gst)\//;
    const body = /^hal\/linux\/(i2c|gpio|lines|kernel)\//;
    const find = (source: string, folder: RegExp) =>
      [...loadedWith(source)].filter((file) => folder.test(file));
    expect(find('hal/linux/driver-module.ts', media)).toEqual([]);
    expect(find('hal/linux/body/open-body.ts', media)).toEqual([]);
    expect(find('hal/linux/body/open-body.ts', body).length).toBeGreaterThan(5);
    for (const opener of ['camera/open-camera.ts', 'sound/open-sound.ts']) {
      expect(find(`hal/linux/${opener}`, body)).toEqual([]);
      expect(find(`hal/linux/${opener}`, media).length).toBeGreaterThan(5);
    }
  });
});
