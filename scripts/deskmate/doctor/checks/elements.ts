import { type Finding, ok, problem } from '../check.ts';
import type { Machine } from '../machine.ts';

/** Debian's package of each GStreamer element that the drivers are made of. */
const PACKAGE: Readonly<Record<string, string>> = {
  v4l2src: 'gstreamer1.0-plugins-good',
  jpegdec: 'gstreamer1.0-plugins-good',
  libcamerasrc: 'gstreamer1.0-libcamera',
  videoconvert: 'gstreamer1.0-plugins-base',
  videoscale: 'gstreamer1.0-plugins-base',
  videorate: 'gstreamer1.0-plugins-base',
  audioconvert: 'gstreamer1.0-plugins-base',
  audioresample: 'gstreamer1.0-plugins-base',
  webrtcdsp: 'gstreamer1.0-plugins-bad',
  webrtcechoprobe: 'gstreamer1.0-plugins-bad',
  alsasrc: 'gstreamer1.0-alsa',
  alsasink: 'gstreamer1.0-alsa',
  pipewiresrc: 'gstreamer1.0-pipewire',
  pipewiresink: 'gstreamer1.0-pipewire',
  fdsrc: 'libgstreamer1.0-0',
  fdsink: 'libgstreamer1.0-0',
};
const TOOLS = 'gstreamer1.0-tools';

/** Whether GStreamer can build the pipelines; what to install when not. */
export async function elementsFinding(
  machine: Machine,
  elements: readonly string[],
): Promise<Finding> {
  const asked = await Promise.all(
    elements.map(async (element) => ({
      element,
      ...(await machine.run('gst-inspect-1.0', '--exists', element)),
    })),
  );
  const packagesOf = (names: readonly string[]): string[] => [
    ...new Set(names.map((name) => PACKAGE[name] ?? 'gstreamer1.0-plugins-good')),
  ];
  if (asked.every(({ code }) => code === null))
    return problem('gstreamerMissing', { packages: [TOOLS, ...packagesOf(elements)].join(' ') });
  const missing = asked.filter(({ code }) => code !== 0).map(({ element }) => element);
  if (missing.length === 0) return ok('elementsOk', { count: elements.length });
  return problem('elementsMissing', {
    elements: missing.join(', '),
    packages: packagesOf(missing).join(' '),
  });
}
