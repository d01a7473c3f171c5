import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChildEnd } from '../../bus/child.ts';
import type { PipelinePlan } from './supervised.ts';

/**
 * How gst-launch-1.0 is run. `-q`: its standard output is not wanted. `-f`: no fault handler, which
 * would keep a crashed process spinning for a debugger instead of letting it end. No `-e`: on SIGINT
 * the pipeline is set to NULL at once, which takes some milliseconds; draining a live pipeline first
 * serves nobody. (SIGTERM would kill without that.) It ends with 0 at end of stream, 1 for a
 * pipeline that cannot be made, 255 for an error while it ran.
 */
const FLAGS = ['-q', '-f'];

const ENVIRONMENT = {
  /** Messages are translated otherwise, and nobody could explain them. */
  LC_ALL: 'C',
  /** Makes it say the pipeline's base time; see camera/frame-time.ts. Nothing else of size is in it. */
  GST_DEBUG: 'pipeline:5',
  GST_DEBUG_NO_COLOR: '1',
  LIBCAMERA_LOG_LEVELS: '*:ERROR',
  LIBCAMERA_LOG_NO_COLOR: '1',
};

/** The plan of a pipeline in gst-launch's own words; `pipes` are its fd 3, 4, ... */
export function gstPlan(
  words: readonly string[],
  pipes: PipelinePlan['pipes'],
  device: ExplainedDevice,
): PipelinePlan {
  return {
    command: 'gst-launch-1.0',
    comesWith: 'gstreamer1.0-tools',
    args: [...FLAGS, ...words],
    env: ENVIRONMENT,
    pipes,
    explain: (lines, end) => explainPipeline(lines, end, device),
  };
}

/** What a pipeline works with, as its sentences name it. */
interface ExplainedDevice {
  /** `camera (/dev/video0)` */
  readonly name: string;
  /** The file that another program may hold. */
  readonly file?: string | undefined;
  /** Members of this group may open it. */
  readonly group: 'video' | 'audio';
  readonly find?: typeof holderOf;
}

/**
 * One line of why a pipeline of gst-launch-1.0 ended, and what to do. Its messages are those of
 * GStreamer 1.20 to 1.26 in English: run it with LC_ALL=C.
 */
export async function explainPipeline(
  lines: readonly string[],
  end: ChildEnd,
  device: ExplainedDevice,
): Promise<string> {
  return `${device.name}: ${await sentence(lines, end, device)}`;
}

/** The device went away, or was never there. */
export function isGone(lines: readonly string[]): boolean {
  return lines.some((line) => !LOG_LINE.test(line) && GONE.test(line));
}

async function sentence(
  lines: readonly string[],
  end: ChildEnd,
  device: ExplainedDevice,
): Promise<string> {
  const said = lines.filter((line) => !LOG_LINE.test(line));
  const text = said.join('\n');
  const element = /no element "([\w-]+)"/.exec(text)?.[1];
  if (element !== undefined) return missingElement(element);
  if (/resource busy|\bis busy|already in use/i.test(text)) return busy(device);
  if (/permission denied|operation not permitted/i.test(text))
    return `this user may not open it; add the user to the group "${device.group}", then log in or start the service again`;
  if (/not a capture device/i.test(text)) return 'this device gives no pictures; name another one';
  if (GONE.test(text)) return 'is not there; check its cable and its power';
  if (/can't connect|connection refused/i.test(text))
    return 'the sound server does not answer; is PipeWire running for this user?';
  if (/not-negotiated|could not link|no supported format|cannot capture at/i.test(text))
    return `offers nothing that can be used (${firstError(said) ?? 'not negotiated'})`;
  const error = firstError(said);
  if (error !== undefined) return `the pipeline failed (${error}); it is tried again`;
  return ended(end);
}

/** What GST_DEBUG writes: `0:00:00.009505457 21206 0x562f DEBUG pipeline ...`. */
const LOG_LINE = /^\d+:\d\d:\d\d\.\d+ /;

/** ENOENT and ENODEV, and what elements say instead. An error of an element may come with EIO. */
const GONE =
  /no such (file or directory|device)|cannot identify device|could not find (any supported|a) camera|input\/output error|device .* disconnected/i;

function firstError(lines: readonly string[]): string | undefined {
  const found = lines.find((line) => /^(ERROR|WARNING): /.test(line));
  return found
    ?.replace(/^(ERROR|WARNING): (from element \S+: |erroneous pipeline: )?/, '')
    .replace(/[.\s]+$/, '');
}

function ended({ code, signal }: ChildEnd): string {
  if (signal !== null) return `the pipeline was ended by ${signal}; it is tried again`;
  if (code === 0) return 'its stream ended; it is tried again';
  return `the pipeline ended with code ${code} and no word; it is tried again`;
}

async function busy(device: ExplainedDevice): Promise<string> {
  const holder =
    device.file === undefined ? undefined : await (device.find ?? holderOf)(device.file);
  return holder
    ? `is in use by ${holder.name} (process ${holder.pid}); close it`
    : 'is in use by another program; close it';
}

/** Where Debian keeps an element. */
const PACKAGES: Record<string, readonly string[]> = {
  'libgstreamer1.0-0': ['capsfilter', 'fdsink', 'fdsrc', 'identity', 'queue', 'tee', 'fakesink'],
  'gstreamer1.0-plugins-base': [
    'audioconvert',
    'audiomixer',
    'audiorate',
    'audioresample',
    'audiotestsrc',
    'rawaudioparse',
    'videoconvert',
    'videorate',
    'videoscale',
    'videotestsrc',
    'volume',
  ],
  'gstreamer1.0-plugins-good': [
    'aspectratiocrop',
    'jpegdec',
    'jpegenc',
    'v4l2src',
    'v4l2convert',
    'v4l2jpegdec',
    'videobalance',
    'videocrop',
  ],
  'gstreamer1.0-plugins-bad': [
    'audiobuffersplit',
    'gdpdepay',
    'gdppay',
    'interaudiosink',
    'interaudiosrc',
    'jpegparse',
    'webrtcdsp',
    'webrtcechoprobe',
  ],
  'gstreamer1.0-alsa': ['alsasink', 'alsasrc'],
  'gstreamer1.0-libcamera': ['libcamerasrc'],
  'gstreamer1.0-pipewire': ['pipewiresink', 'pipewiresrc'],
  'gstreamer1.0-pulseaudio': ['pulsesink', 'pulsesrc'],
};

function missingElement(element: string): string {
  const known = Object.entries(PACKAGES).find(([, elements]) => elements.includes(element));
  return `GStreamer has no element "${element}"; install it: apt install ${known?.[0] ?? 'gstreamer1.0-plugins-good gstreamer1.0-plugins-bad'}`;
}

interface Holder {
  readonly pid: number;
  readonly name: string;
}

/**
 * Who has a device file open, as far as this user may know: other users' processes show their
 * files to root alone.
 */
export async function holderOf(
  file: string,
  proc = '/proc',
  ownPid = process.pid,
): Promise<Holder | undefined> {
  for (const entry of await readdir(proc).catch(() => [])) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === ownPid) continue;
    if (!(await hasOpen(join(proc, entry, 'fd'), file))) continue;
    const name = await readFile(join(proc, entry, 'comm'), 'utf8').catch(() => 'a program');
    return { pid, name: name.trim() };
  }
  return undefined;
}

async function hasOpen(folder: string, file: string): Promise<boolean> {
  for (const fd of await readdir(folder).catch(() => [])) {
    const target = await readlink(join(folder, fd)).catch(() => '');
    if (target === file) return true;
  }
  return false;
}
