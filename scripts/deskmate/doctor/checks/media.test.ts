import type { Given } from '../testing/fake-machine.ts';
import { runningRobot } from '../testing/subjects.ts';
import { onLaptop, table } from '../testing/table.ts';
import { camera } from './camera.ts';
import { sound } from './sound.ts';

const { board: laptop } = onLaptop;
const fault = (why: string) => ({ present: true, state: 'fault', why }) as const;

const elements = (names: string): Record<string, string> =>
  Object.fromEntries(names.split(' ').map((name) => [`gst-inspect-1.0 --exists ${name}`, '']));
const seeing = elements('v4l2src jpegdec videoconvert videoscale');
const webcam = {
  '/sys/class/video4linux/video0/name': 'HD Webcam\n',
  '/sys/class/video4linux/video0/index': '0\n',
  '/dev/video0': '',
};
const metadata = { '/sys/class/video4linux/video1/index': '1\n', '/dev/video1': '' };
const LIST = 'v4l2-ctl -d /dev/video0 --list-formats-ext';
const formats = (fps: string): string =>
  `\t[0]: 'MJPG' (Motion-JPEG, compressed)\n\t\tSize: Discrete 1280x720\n\t\t\tInterval: Discrete 0.033s (${fps} fps)\n`;
const gst = 'ok elementsOk';

table(camera, [
  ['none', { programs: seeing }, ['problem cameraNone', gst], onLaptop],
  ['only metadata', { files: metadata, programs: seeing }, ['problem cameraNone', gst], onLaptop],
  [
    'good',
    { files: { ...metadata, ...webcam }, programs: { ...seeing, [LIST]: formats('30.000') } },
    ['ok cameraOk', gst],
    onLaptop,
  ],
  [
    'slow',
    { files: webcam, programs: { ...seeing, [LIST]: formats('10.000') } },
    ['warning cameraSlow', gst],
    onLaptop,
  ],
  ['no tools', { files: webcam, programs: seeing }, ['warning cameraModesUnknown', gst], onLaptop],
  [
    'busy',
    { files: webcam, holders: { '/dev/video0': [{ pid: 7, name: 'zoom' }] }, programs: seeing },
    ['problem cameraBusy', gst],
    onLaptop,
  ],
  [
    'no permission',
    {
      files: { '/sys/class/video4linux/video0/index': '0' },
      denied: ['/dev/video0'],
      programs: seeing,
    },
    ['problem cameraDenied', gst],
    onLaptop,
  ],
  [
    'nothing of GStreamer',
    { files: webcam, programs: { [LIST]: formats('30.000') } },
    ['ok cameraOk', 'problem gstreamerMissing'],
    onLaptop,
  ],
  [
    'an element missing',
    {
      files: webcam,
      programs: { [LIST]: formats('30.000'), ...seeing, 'gst-inspect-1.0 --exists v4l2src': 1 },
    },
    ['ok cameraOk', 'problem elementsMissing'],
    onLaptop,
  ],
  [
    'a pupil looks',
    { programs: seeing },
    ['ok cameraStreams', gst],
    { ...runningRobot({ camera: { present: true, state: 'running', why: '' } }), board: laptop },
  ],
  [
    'the agent finds fault',
    { programs: seeing },
    ['problem cameraFault', 'problem cameraNone', gst],
    { ...runningRobot({ camera: fault('gone') }), board: laptop },
  ],
  [
    'libcamera with one',
    {
      programs: {
        'cam --list': 'Available cameras:\n1: External camera\n',
        ...elements('libcamerasrc videoconvert videoscale'),
      },
    },
    ['ok cameraThere', gst],
  ],
  [
    'libcamera with none',
    {
      programs: {
        'cam --list': 'Available cameras:\n',
        ...elements('libcamerasrc videoconvert videoscale'),
      },
    },
    ['problem cameraNone', gst],
  ],
]);

const hearing = elements(
  'webrtcdsp webrtcechoprobe audioconvert audioresample alsasrc alsasink pipewiresrc pipewiresink',
);
const card = { '/proc/asound/pcm': '00-00: USB Audio : USB Audio : playback 1 : capture 1\n' };
const inspect = (node: string, name: string) => ({
  [`wpctl inspect @DEFAULT_AUDIO_${node}@`]: `  * node.description = "${name}"`,
});
const pipewire: Given = {
  env: { XDG_RUNTIME_DIR: '/run/user/1' },
  files: { '/run/user/1/pipewire-0': '' },
};

table(sound, [
  ['no card', { programs: hearing }, ['problem soundNoCards', gst]],
  ['a card', { files: card, programs: hearing }, ['ok soundOk', gst]],
  [
    'only a speaker',
    { files: { '/proc/asound/pcm': '00-00: HDMI : HDMI : playback 1\n' }, programs: hearing },
    ['problem soundNoInput', gst],
  ],
  [
    'only a microphone',
    { files: { '/proc/asound/pcm': '00-00: Mic : Mic : capture 1\n' }, programs: hearing },
    ['problem soundNoOutput', gst],
  ],
  [
    'no permission',
    { files: card, denied: ['/dev/snd/pcmC0D0c'], programs: hearing },
    ['problem soundDenied', gst],
  ],
  [
    'the agent finds fault',
    { files: card, programs: hearing },
    ['problem soundFault', 'ok soundOk', gst],
    runningRobot({ microphone: fault('gone') }),
  ],
  ['no PipeWire', { programs: hearing }, ['problem soundNoPipewire', gst], onLaptop],
  [
    'PipeWire without tools',
    { ...pipewire, programs: hearing },
    ['warning soundUnknown', gst],
    onLaptop,
  ],
  [
    'PipeWire',
    {
      ...pipewire,
      programs: { ...hearing, ...inspect('SOURCE', 'Mic'), ...inspect('SINK', 'Speaker') },
    },
    ['ok soundOk', gst],
    onLaptop,
  ],
  [
    'PipeWire without devices',
    {
      ...pipewire,
      programs: {
        ...hearing,
        'wpctl inspect @DEFAULT_AUDIO_SOURCE@': 1,
        ...inspect('SINK', 'Dummy Output'),
      },
    },
    ['problem soundNoInput', 'problem soundNoOutput', gst],
    onLaptop,
  ],
]);
