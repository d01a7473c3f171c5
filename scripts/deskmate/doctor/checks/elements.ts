import { type Finding, ok, problem } from '../check.ts';
import type { HostProbe } from '../host-probe.ts';

/** Debian's package of each GStreamer element that the drivers use. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'gstreamer1.0-plugins-base': [
    ...['videoconvert', 'videoscale', 'videorate', 'audioconvert', 'audioresample'],
    'rawaudioparse',
  ],
  'gstreamer1.0-plugins-good': [
    ...['v4l2src', 'jpegdec', 'videocrop', 'videobalance', 'pulsesrc', 'pulsesink'],
  ],
  'gstreamer1.0-plugins-bad': [
    ...['gdppay', 'webrtcdsp', 'webrtcechoprobe', 'interaudiosrc', 'audiobuffersplit'],
  ],
  'gstreamer1.0-libcamera': ['libcamerasrc'],
  'gstreamer1.0-alsa': ['alsasrc', 'alsasink'],
};
const TOOLS = 'gstreamer1.0-tools';

/** Whether GStreamer can build the pipelines; if not, what to install. */
export async function elementsFinding(
  machine: HostProbe,
  elements: readonly string[],
): Promise<Finding> {
  const asked = await Promise.all(
    elements.map(async (element) => ({
      element,
      ...(await machine.run('gst-inspect-1.0', '--exists', element)),
    })),
  );
  const packagesOf = (names: readonly string[]): string[] => [
    ...new Set(names.flatMap((name) => packageOf(name) ?? [])),
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

const packageOf = (element: string): string | undefined =>
  Object.keys(PACKAGES).find((name) => PACKAGES[name]?.includes(element));
