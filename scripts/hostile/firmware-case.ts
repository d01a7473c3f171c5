import path from 'node:path';
import { BodyMessage } from '../../firmware/link/schema.ts';
import { connectPipe } from '../../firmware/link/socket-pipe.ts';
import { type Clock, delay } from '../../hal/ports/clock.ts';
import { referenceCalibration } from '../../sim/world/geometry.ts';
import { Shipped } from './shipped.ts';

/** Firmware's file with the teacher's pause. */
export const PAUSE_FILE = 'state/pause.json';
export const calibrated = Buffer.from(JSON.stringify(referenceCalibration, null, 2));

const START_MS = 20_000;
const BODY_MS = 3_000;

/** Starts the built firmware on such files. Resolves when it reports a paused body. */
export function firmwareCase(clock: Clock, root: string) {
  const dist = path.join(root, 'dist');
  return async (files: ReadonlyMap<string, Buffer>): Promise<Shipped> => {
    const firmware = await Shipped.start(
      clock,
      path.join(dist, 'firmware.js'),
      files,
      (folder) => ({
        ...{ board: 'laptop', drivers: path.join(dist, 'linux-drivers.js') },
        ...{ link: path.join(folder, 'firmware.sock'), state: path.join(folder, 'state') },
        ...{ calibration: path.join(folder, 'calibration.json'), logLevel: 'info' },
      }),
    );
    try {
      await paused(clock, firmware);
      return firmware;
    } catch (error) {
      await firmware.stop();
      throw error;
    }
  };
}

async function paused(clock: Clock, firmware: Shipped): Promise<void> {
  const end = clock.now() + START_MS;
  for (;;) {
    if (firmware.crash !== undefined) throw new Error(firmware.crash);
    const pipe = await connectPipe(path.join(firmware.folder, 'firmware.sock')).catch(
      () => undefined,
    );
    if (pipe) {
      const first = new Promise<boolean | undefined>((resolve) => {
        pipe.onLine((line) => {
          const message = BodyMessage.safeParse(JSON.parse(line ?? '{}')).data;
          if (message?.kind === 'body') resolve(message.paused);
        });
        clock.after(BODY_MS, () => resolve(undefined));
      });
      const is = await first;
      pipe.close();
      if (is === false) throw new Error('the pause was forgotten');
      if (is) return;
    }
    if (clock.now() > end) throw new Error(`it does not answer: ${firmware.words.slice(-600)}`);
    await delay(clock, 50);
  }
}
