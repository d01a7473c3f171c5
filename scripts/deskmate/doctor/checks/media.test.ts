import type { CameraWiring, SoundWiring } from '../../../../hal/boards/board.ts';
import { deskmate1 } from '../../../../hal/boards/deskmate1.ts';
import type { Given } from '../testing/fake-machine.ts';
import { robotInClass, runningRobot, subject } from '../testing/subjects.ts';
import { type Case, onLaptop, table } from '../testing/table.ts';
import { camera } from './camera.ts';
import { sound } from './sound.ts';

const { board: laptop } = onLaptop;
const fault = (why: string) => ({ present: true, state: 'fault', why }) as const;

const elements = (names: string): Record<string, string> =>
  Object.fromEntries(names.split(' ').map((name) => [`gst-inspect-1.0 --exists ${name}`, '']));
const processing = 'videoconvert videoscale videorate videocrop videobalance gdppay';
const seeing = elements(`v4l2src jpegdec ${processing}`);
const seeingModule = elements(`libcamerasrc ${processing}`);
const noModule: Given = { programs: { 'cam --list': 'Available cameras:\n', ...seeingModule } };
const webcam = { '/dev/video0': '' };
const LIST = 'v4l2-ctl --device /dev/video0 --info --list-formats-ext';
const CAPTURES = '\tCard type        : HD Webcam\n\tDevice Caps      : 0x04200001\n';
const formats = (fps: string, fourcc = 'MJPG'): string =>
  `${CAPTURES}\t[0]: '${fourcc}' (x)\n\t\tSize: Discrete 1280x720\n\t\t\tInterval: Discrete 0.033s (${fps} fps)\n`;
const PROCESSOR =
  "\tDriver name      : bcm2835-isp\n\tDevice Caps      : 0x04200001\n\t[0]: 'YU12' (x)\n\t\tSize: Stepwise 64x64 - 16384x16384 with step 2/2\n";
const OLD_LIST = `${CAPTURES}ioctl: VIDIOC_ENUM_FMT\n\tIndex       : 0\n\tType        : Video Capture\n\tPixel Format: 'MJPG' (compressed)\n\tName        : Motion-JPEG\n\t\tSize: Discrete 1280x720\n`;
const named = (camera: CameraWiring | null) => camera && { ...camera, device: '/dev/video0' };
/** What webcams bring beside their pictures, and what boards have for coding. */
const others = { '/dev/video1': '', '/dev/video10': '' };
const otherLists = {
  'v4l2-ctl --device /dev/video1 --info --list-formats-ext': '\tDevice Caps      : 0x04a00000\n',
  'v4l2-ctl --device /dev/video10 --info --list-formats-ext': '\tDevice Caps      : 0x04204000\n',
};
const gst = 'ok elementsOk';

table(camera, [
  ['none', { programs: seeing }, ['problem cameraNone', gst], onLaptop],
  [
    'no camera among video devices',
    { files: others, programs: { ...seeing, ...otherLists } },
    ['problem cameraNone', gst],
    onLaptop,
  ],
  [
    'good',
    {
      files: { ...others, ...webcam },
      programs: { ...seeing, ...otherLists, [LIST]: formats('30.000') },
    },
    ['ok cameraOk', gst],
    onLaptop,
  ],
  [
    'slow',
    { files: webcam, programs: { ...seeing, [LIST]: formats('10.000') } },
    ['warning cameraSlow', gst],
    onLaptop,
  ],
  ['no tools', { files: webcam, programs: seeing }, ['problem cameraModesUnknown', gst], onLaptop],
  [
    'no picture of use',
    { files: webcam, programs: { ...seeing, [LIST]: formats('30', 'H264') } },
    ['problem cameraUnfit', gst],
    onLaptop,
  ],
  [
    'a Raspberry Pi without a camera: an image processor is none',
    { files: webcam, programs: { ...seeing, [LIST]: PROCESSOR } },
    ['problem cameraNone', gst],
    onLaptop,
  ],
  [
    'the same, by its name',
    { files: webcam, programs: { ...seeing, [LIST]: PROCESSOR } },
    ['problem cameraUnfit', gst],
    { ...onLaptop, board: laptop && { ...laptop, camera: named(laptop.camera) } },
  ],
  [
    'a list of tools that are too old',
    { files: webcam, programs: { ...seeing, [LIST]: OLD_LIST } },
    ['problem cameraUnfit', gst],
    onLaptop,
  ],
  [
    'busy',
    {
      files: webcam,
      holders: { '/dev/video0': [{ pid: 7, name: 'zoom' }] },
      programs: { ...seeing, [LIST]: formats('30') },
    },
    ['problem cameraBusy', gst],
    onLaptop,
  ],
  [
    'no permission',
    {
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
        ...seeingModule,
      },
    },
    ['ok cameraThere', gst],
  ],
  ['none, and nobody tells whether it has power', noModule, ['warning cameraPowerUnknown', gst]],
  [
    'none while firmware is away',
    noModule,
    ['warning cameraPowerUnknown', gst],
    runningRobot({ body: null }),
  ],
  ['none while the robot sleeps', noModule, ['notExamined cameraAsleep', gst], runningRobot()],
  ['none in class', noModule, ['problem cameraNone', gst], robotInClass()],
  [
    'none when it should begin',
    noModule,
    ['problem cameraNone', gst],
    runningRobot({ camera: { present: true, state: 'waiting', why: '' } }),
  ],
  [
    'none, and the agent finds fault',
    noModule,
    ['problem cameraFault', 'problem cameraNone', gst],
    runningRobot({ camera: fault('gone') }),
  ],
  [
    'a webcam on a rail while the robot sleeps',
    { programs: seeing },
    ['notExamined cameraAsleep', gst],
    { ...runningRobot(), board: { ...deskmate1, camera: laptop?.camera ?? null } },
  ],
  [
    'a webcam on no rail, also while the robot sleeps',
    { programs: seeing },
    ['problem cameraNone', gst],
    { ...runningRobot(), board: laptop },
  ],
]);

const hearing = elements(
  'webrtcdsp webrtcechoprobe interaudiosrc audiobuffersplit rawaudioparse audioconvert audioresample alsasrc alsasink pulsesrc pulsesink',
);
const card = { '/proc/asound/pcm': '00-00: USB Audio : USB Audio : playback 1 : capture 1\n' };
const pactl = (source: string, sink: string) => ({
  'pactl info': `Server Name: PulseAudio (on PipeWire 0.3.65)\nDefault Sink: ${sink}\nDefault Source: ${source}\n`,
});
const pipewire: Given = {
  env: { XDG_RUNTIME_DIR: '/run/user/1' },
  files: { '/run/user/1/pulse/native': '' },
};

/** As a Raspberry Pi with a USB sound card lists them. */
const pi = {
  '/proc/asound/pcm':
    '00-00: MAI PCM i2s-hifi-0 : MAI PCM i2s-hifi-0 : playback 1\n01-00: MAI PCM i2s-hifi-0 : MAI PCM i2s-hifi-0 : playback 1\n03-00: USB Audio : USB Audio : playback 1 : capture 1\n',
  '/proc/asound/cards':
    ' 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0\n 1 [vc4hdmi1       ]: vc4-hdmi - vc4-hdmi-1\n 3 [Device         ]: USB-Audio - USB PnP Sound Device\n',
};
const onPi: readonly (readonly [
  name: string,
  wiring: Pick<SoundWiring, 'input' | 'output'>,
  expected: readonly string[],
  files?: Record<string, string>,
])[] = [
  ['no such card', { input: 'hw:7', output: 'hw:3' }, ['problem soundInputMissing']],
  [
    'no such device of a card',
    { input: 'hw:3,1', output: 'plughw:CARD=Device,DEV=2' },
    ['problem soundInputMissing', 'problem soundOutputMissing'],
  ],
  ['a card that only plays', { input: 'hw:0', output: 'hw:0' }, ['problem soundInputPlays']],
  ['by number', { input: 'hw:3', output: 'hw:1,0' }, ['ok soundOk']],
  ['by id', { input: 'plughw:CARD=Device,DEV=0', output: 'hw:Device' }, ['ok soundOk']],
  ['the first card', { input: 'default', output: 'default' }, ['warning soundDefaultInput']],
  [
    'another default',
    { input: 'default', output: 'default' },
    ['ok soundOk'],
    { '/etc/asound.conf': 'defaults.pcm.card 3\n' },
  ],
  ['a name of a configuration', { input: 'mine', output: 'hw:3' }, ['ok soundOk']],
];

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
  ...onPi.map(
    ([name, wiring, expected, files = {}]): Case => [
      `HDMI first, then USB: ${name}`,
      { files: { ...pi, ...files }, programs: hearing },
      [...expected, gst],
      subject({
        board: { ...deskmate1, sound: { system: 'alsa', echoDelayMs: 0, ...wiring } },
      }),
    ],
  ),
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
      programs: { ...hearing, ...pactl('alsa_input.usb', 'alsa_output.usb') },
    },
    ['ok soundOk', gst],
    onLaptop,
  ],
  [
    'PipeWire without the microphone that the board names',
    {
      ...pipewire,
      programs: {
        ...hearing,
        ...pactl('alsa_input.usb', 'alsa_output.usb'),
        'pactl list short sources': '52\talsa_input.usb\tPipeWire\ts16le\tIDLE\n',
      },
    },
    ['problem soundInputMissing', gst],
    subject({
      board: laptop && { ...laptop, sound: laptop.sound && { ...laptop.sound, input: 'gone' } },
    }),
  ],
  [
    'PipeWire that does not answer',
    { ...pipewire, programs: { ...hearing, 'pactl info': 1 } },
    ['problem soundNoPipewire', gst],
    onLaptop,
  ],
  [
    'a speaker and its monitor are no microphone',
    {
      ...pipewire,
      programs: { ...hearing, ...pactl('alsa_output.usb.monitor', 'alsa_output.usb') },
    },
    ['problem soundNoInput', gst],
    onLaptop,
  ],
  [
    'PipeWire without devices',
    {
      ...pipewire,
      programs: {
        ...hearing,
        ...pactl('auto_null.monitor', 'auto_null'),
      },
    },
    ['problem soundNoInput', 'problem soundNoOutput', gst],
    onLaptop,
  ],
]);
