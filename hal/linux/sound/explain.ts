/** What gst-launch-1.0 says when sound fails, in one line for people. */
import type { ChildEnd } from '../../bus/child.ts';
import { MICROPHONE, type Shape, SPEAKER } from './pipeline.ts';

interface SoundTrouble {
  /** Which end failed; undefined: the pipeline as a whole. */
  readonly end: keyof Shape | undefined;
  readonly why: string;
}

export interface EndNames {
  /** As a person knows them: `microphone (ALSA hw:1)`. */
  readonly capture: string;
  readonly playback: string;
}

/** Debian's package of an element, by the element's first letters. */
const PACKAGES: readonly (readonly [RegExp, string])[] = [
  [/^alsa/, 'gstreamer1.0-alsa'],
  [/^pulse/, 'gstreamer1.0-pulseaudio'],
  [/^(webrtc|inter|audiobuffersplit)/, 'gstreamer1.0-plugins-bad'],
  [/^(audio|rawaudio)/, 'gstreamer1.0-plugins-base'],
];

/** The first that matches names the cause. */
const CAUSES: readonly (readonly [RegExp, (name: string) => string])[] = [
  [
    /used by another application|resource busy/i,
    (name) => `${name} is in use by another program; close that (fuser -v /dev/snd/* names it)`,
  ],
  [
    /permission denied|access denied/i,
    (name) => `${name} may not be opened; add this user to the group audio and start again`,
  ],
  [
    /disconnected|entity killed|no such device\b/i,
    (name) => `${name} is unplugged; plug it in again`,
  ],
  [
    /connection refused|connection terminated|failed to connect/i,
    (name) => `${name}: the sound server does not answer; start pipewire-pulse`,
  ],
  [
    /no such file|no such entity|unknown pcm|cannot find card|invalid argument/i,
    (name) =>
      `${name} is not there; plug it in, or name another in the board file (arecord -L and aplay -L list them)`,
  ],
];

export function explainSound(
  lines: readonly string[],
  end: ChildEnd,
  names: EndNames,
): SoundTrouble {
  const missing = lines.map((line) => /no element "([^"]+)"/.exec(line)?.[1]).find(Boolean);
  if (missing !== undefined) return { end: undefined, why: missingElement(missing) };
  const at = lines.findIndex((line) => line.startsWith('ERROR'));
  if (at === -1) return { end: undefined, why: ended(end) };
  const error = lines[at] ?? '';
  const which = failedEnd(error);
  const name = which ? names[which] : 'sound';
  const text = lines.slice(at, at + 6).join(' ');
  const cause = CAUSES.find(([pattern]) => pattern.test(text));
  return { end: which, why: cause ? cause[1](name) : `${name} failed: ${lastWords(error)}` };
}

function failedEnd(error: string): keyof Shape | undefined {
  const element = /from element \S*:(\w+):/.exec(error)?.[1];
  if (element === MICROPHONE) return 'capture';
  return element === SPEAKER ? 'playback' : undefined;
}

function missingElement(element: string): string {
  const found = PACKAGES.find(([pattern]) => pattern.test(element));
  const install = found?.[1] ?? 'the GStreamer plugins of your system';
  return `sound: GStreamer's ${element} is missing; install ${install}`;
}

function ended(end: ChildEnd): string {
  const how = end.signal === null ? `with code ${end.code}` : `by ${end.signal}`;
  return `sound: GStreamer ended ${how} without a word; it is started again`;
}

function lastWords(error: string): string {
  return error.replace(/^ERROR: from element \S+: /, '').slice(0, 160);
}
