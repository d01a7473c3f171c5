import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../../agent/pages/testing/project-root.ts';
import { BenchBrowser } from './browser.ts';
import { Child } from './child.ts';
import { makeWall, NOISE_VARIANTS, type PictureSize } from './picture.ts';

/** The receiving end of one round, in the pupil's browser. */
export interface Pupil {
  offer(): Promise<string>;
  accept(answer: string): Promise<void>;
  /** For a sender that has to make the offer. */
  answer(offer: string): Promise<string>;
}

/** One way to send the picture. Each round is a connection of its own. */
export interface Sender {
  readonly name: string;
  /** Connects and starts the camera with a frame each `periodMs`. */
  start(pupil: Pupil, size: PictureSize, periodMs: number): Promise<Running>;
  close(): Promise<void>;
}

interface Running {
  /** The process whose CPU time counts, with all below it. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** The agent's own sending code in a Node process of its own. */
export function oursSender(): Sender {
  const program = path.join(projectRoot(), 'dist/latency-sender.js');
  return {
    name: 'deskmate',
    start: async (pupil, size, periodMs) => {
      const child = new Child(process.execPath, [program]);
      try {
        child.tell({ offer: await pupil.offer(), size, periodMs });
        await pupil.accept(await child.next('answer'));
      } catch (error) {
        await child.end();
        throw error;
      }
      return { pid: child.pid, stop: () => child.end() };
    },
    close: async () => {},
  };
}

/** A second Chromium as the robot. */
export async function chromiumSender(url: string): Promise<Sender> {
  const browser = await BenchBrowser.launch(url);
  const { page, pid } = browser;
  return {
    name: 'chromium',
    start: async (pupil, size, periodMs) => {
      const offer = await pupil.offer();
      const answer = await page.evaluate(
        (given) => {
          window.sender = new window.SenderPage();
          return window.sender.answer(given.offer, given.size, given.periodMs);
        },
        { offer, size, periodMs },
      );
      await pupil.accept(answer);
      return { pid, stop: () => page.evaluate(() => window.sender.close()) };
    },
    close: () => browser.close(),
  };
}

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
