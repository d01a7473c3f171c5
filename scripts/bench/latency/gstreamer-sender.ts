import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../../agent/pages/testing/project-root.ts';
import { Child } from './child.ts';
import { makeWall, NOISE_VARIANTS, type PictureSize } from './picture.ts';
import type { Sender } from './sender.ts';

const PACKAGES =
  'python3-gi gir1.2-gst-plugins-bad-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good ' +
  'gstreamer1.0-plugins-bad gstreamer1.0-nice';

/** GStreamer's webrtcbin with vp8enc; undefined, with a line that says why, when it is missing. */
export async function gstreamerSender(log: (line: string) => void): Promise<Sender | undefined> {
  const script = path.join(projectRoot(), 'scripts/bench/latency/gstreamer-sender.py');
  // A Python that is not the system's does not see the packages of the system.
  const python = ['/usr/bin/python3', 'python3'].find(
    (command) => spawnSync(command, [script, '--check']).status === 0,
  );
  if (python === undefined) {
    log(`GStreamer is left out: it needs the Debian packages ${PACKAGES}`);
    return undefined;
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'deskmate-latency-'));
  return {
    name: 'gstreamer',
    start: async (pupil, size, periodMs) => {
      const wall = await writeWall(folder, size);
      const child = new Child(python, [script]);
      try {
        const bitrate = size.height > 480 ? 2_500_000 : 1_700_000; // libwebrtc's own maxima
        child.tell({ ...size, periodMs, bitrate, wall, variants: NOISE_VARIANTS });
        child.tell({ answer: await pupil.answer(await child.next('offer')) });
      } catch (error) {
        await child.end();
        throw error;
      }
      return { pid: child.pid, stop: () => child.end() };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function writeWall(folder: string, size: PictureSize): Promise<string> {
  const file = path.join(folder, `wall-${size.width}x${size.height}`);
  const { lumas, u, v } = makeWall(size);
  await writeFile(file, Buffer.concat([...lumas, u, v]));
  return file;
}
