import { spawnSync } from 'node:child_process';

/** Why tests with real pipelines are skipped on this machine; undefined: they can run. */
export function whyNoGstreamer(): string | undefined {
  const elements = ['videotestsrc', 'jpegdec', 'gdppay', 'videobalance', 'aspectratiocrop'];
  for (const element of elements) {
    const { error, status } = spawnSync('gst-inspect-1.0', ['--exists', element]);
    if (error) return 'gst-inspect-1.0 is not installed (apt install gstreamer1.0-tools)';
    if (status !== 0) return `GStreamer has no ${element} (apt install gstreamer1.0-plugins-bad)`;
  }
  return undefined;
}
