import { spawnSync } from 'node:child_process';

export const PICTURES = ['videotestsrc', 'jpegdec', 'gdppay', 'videobalance', 'aspectratiocrop'];
export const SOUND = ['webrtcdsp', 'interaudiosrc', 'audiobuffersplit', 'rawaudioparse', 'tee'];

/** Why tests with real pipelines of `elements` are skipped on this machine; undefined: they run. */
export function whyNoGstreamer(elements: readonly string[]): string | undefined {
  for (const element of elements) {
    const { error, status } = spawnSync('gst-inspect-1.0', ['--exists', element]);
    if (error) return 'gst-inspect-1.0 is not installed (apt install gstreamer1.0-tools)';
    if (status !== 0) return `GStreamer has no ${element} (apt install gstreamer1.0-plugins-bad)`;
  }
  return undefined;
}
