import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kindOf } from './camera-kind.ts';
import { parseDevice } from './v4l2-modes.ts';
import { findV4l2Source } from './v4l2-source.ts';

/* What v4l2-ctl prints of devices that people have, by lists that they posted. */

interface Printed {
  readonly driver: string;
  readonly card: string;
  readonly caps: string;
  /** Of the driver as a whole; more than this file can do. */
  readonly all?: string;
  readonly formats?: string;
}

const printed = ({ driver, card, caps, all = '0x84a00001', formats = '' }: Printed): string =>
  `Driver Info:
	Driver name      : ${driver}
	Card type        : ${card}
	Bus info         : platform:${driver}
	Driver version   : 6.1.21
	Capabilities     : ${all}
		Video Capture
		Device Capabilities
	Device Caps      : ${caps}
		Streaming
		Extended Pix Format
ioctl: VIDIOC_ENUM_FMT
	Type: Video Capture

${formats}`;

const discrete = (fourcc: string, ...sizes: string[]): string =>
  `\t[0]: '${fourcc}' (${fourcc})\n${sizes
    .map((size) => `\t\tSize: Discrete ${size}\n\t\t\tInterval: Discrete 0.033s (30.000 fps)\n`)
    .join('')}`;
const stepwise = (fourcc: string, range: string): string =>
  `\t[0]: '${fourcc}' (${fourcc})\n\t\tSize: Stepwise ${range} with step 2/2\n`;

const isp = printed({
  ...{ driver: 'bcm2835-isp', card: 'bcm2835-isp', all: '0x84200001', caps: '0x04200001' },
  formats: stepwise('YU12', '64x64 - 16384x16384'),
});
const codec = printed({
  ...{ driver: 'bcm2835-codec', card: 'bcm2835-codec-encode_image', caps: '0x04204000' },
  formats: stepwise('YU12', '32x32 - 1920x1920'),
});
const unicam = printed({
  ...{ driver: 'unicam', card: 'unicam', caps: '0x25200001' },
  formats: discrete('YUYV', '640x480'),
});
const cfe = printed({
  ...{ driver: 'rp1-cfe', card: 'rp1-cfe', all: '0xaca00001', caps: '0x24a00001' },
  formats: discrete('RGGB', '1456x1088'),
});
const backEnd = printed({
  ...{ driver: 'pispbe', card: 'pispbe', all: '0x8ca03000', caps: '0x04201000' },
  formats: stepwise('YU12', '32x32 - 65535x65535'),
});
const metadata = printed({ driver: 'uvcvideo', card: 'HD Webcam: HD Webcam', caps: '0x04a00000' });
const webcam = printed({
  ...{ driver: 'uvcvideo', card: 'HD Webcam: HD Webcam', caps: '0x04200001' },
  formats: discrete('MJPG', '1280x720'),
});
const infrared = printed({
  ...{ driver: 'uvcvideo', card: 'Integrated Camera: Integrated I', caps: '0x04200001' },
  formats: discrete('GREY', '640x360'),
});
const infraredInJpeg = printed({
  ...{ driver: 'uvcvideo', card: 'USB2.0 HD UVC WebCam: USB2.0 IR', caps: '0x04200001' },
  formats: `${discrete('GREY', '640x360')}${discrete('MJPG', '640x360')}`,
});
const infraredAsColour = printed({
  ...{ driver: 'uvcvideo', card: 'Integrated_Webcam_HD: Integrate', caps: '0x04200001' },
  formats: discrete('YUYV', '340x340'),
});
const loopback = printed({
  ...{ driver: 'v4l2 loopback', card: 'OBS Virtual Camera', caps: '0x05200003' },
  formats: stepwise('YUYV', '2x1 - 8192x8192'),
});
const exclusiveLoopback = printed({
  ...{ driver: 'v4l2 loopback', card: 'OBS Virtual Camera', caps: '0x05200001' },
  formats: discrete('YUYV', '1920x1080'),
});
const output = printed({ driver: 'vivid', card: 'vivid', caps: '0x85200002' });
const legacyPi = printed({
  ...{ driver: 'bm2835 mmal', card: 'mmal service 16.1', caps: '0x05200005' },
  formats: stepwise('YU12', '32x32 - 2592x1944'),
});
const grabber = printed({
  ...{ driver: 'unknown-isp', card: 'Some Image Processor', caps: '0x04200001' },
  formats: stepwise('NV12', '16x16 - 65535x65535'),
});
const rockchipOfMaker = printed({
  ...{ driver: 'rkisp1_v0', card: 'rkisp1_mainpath', all: '0x84201000', caps: '0x04201000' },
  formats: stepwise('NV12', '32x16 - 4416x3312'),
});
const rockchipOfKernel = printed({
  ...{ driver: 'rkisp1', card: 'rkisp1_mainpath', all: '0xac201000', caps: '0x24201000' },
  formats: stepwise('NV12', '32x16 - 4416x3312'),
});
const depth = printed({
  ...{ driver: 'uvcvideo', card: 'Intel(R) RealSense(TM) Depth Ca', caps: '0x04200001' },
  formats: discrete('Z16 ', '640x480', '848x480'),
});
const stereo = printed({
  ...{ driver: 'uvcvideo', card: 'Intel(R) RealSense(TM) Depth Ca', caps: '0x04200001' },
  formats: `${discrete('GREY', '1280x720')}${discrete('UYVY', '848x480')}${discrete('Y12I', '1280x800')}`,
});
const lepton = printed({
  ...{ driver: 'uvcvideo', card: 'PureThermal (fw:v1.3.0): PureTh', caps: '0x04200001' },
  formats: discrete('Y16 -BE', '160x120'),
});
const old = `Driver Info (not using libv4l2):
	Driver name   : uvcvideo
	Card type     : Webcam C270
	Bus info      : usb-1.3
	Driver version: 4.9.0
	Capabilities  : 0x84200001
		Video Capture
	Device Caps   : 0x04200001
		Video Capture
ioctl: VIDIOC_ENUM_FMT
	Index       : 0
	Type        : Video Capture
	Pixel Format: 'MJPG' (compressed)
	Name        : Motion-JPEG
		Size: Discrete 1280x720
			Interval: Discrete 0.033s (30.000 fps)
`;

describe('a video device', () => {
  it.each([
    ['image processor of a Raspberry Pi', isp, 'processor'],
    ['codec of a Raspberry Pi', codec, 'processor'],
    ['image processor of a Raspberry Pi 5', backEnd, 'processor'],
    ['processor that nobody has heard of', grabber, 'processor'],
    ['receiver of a Raspberry Pi', unicam, 'receiver'],
    ['receiver of a Raspberry Pi 5', cfe, 'receiver'],
    ['metadata of a webcam', metadata, 'other'],
    ['output', output, 'other'],
    ['loopback without a program behind it', loopback, 'loopback'],
    ['loopback with one', exclusiveLoopback, 'loopback'],
    ['webcam', webcam, 'camera'],
    ['camera module by its old driver', legacyPi, 'camera'],
    ['Rockchip image processor by the kernel of its maker', rockchipOfMaker, 'camera'],
    ['the same by the kernel itself', rockchipOfKernel, 'receiver'],
    ['one of depth', depth, 'camera'],
    ['one of heat', lepton, 'infrared'],
    ['infrared camera', infrared, 'infrared'],
    ['infrared camera with JPEG', infraredInJpeg, 'infrared'],
    ['infrared camera that says colour', infraredAsColour, 'infrared'],
  ])('%s', (_, text, kind) => {
    const device = parseDevice(text);
    expect(kindOf(device)).toBe(kind);
    expect(device.captures).toBe(kind === 'camera' || kind === 'infrared');
  });
});

describe('a camera that nobody named', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deskmate-kinds-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function found(devices: Readonly<Record<string, string>>, device = 'auto') {
    for (const name of Object.keys(devices)) await writeFile(join(folder, name), '');
    const list = async (file: string) => devices[file.slice(folder.length + 1)] ?? '';
    const size = { width: 1280, height: 720 };
    const asked = device === 'auto' ? device : join(folder, device);
    const { file = '' } = await findV4l2Source(asked, size, 30, { folder, list });
    return file.slice(folder.length + 1);
  }

  const board = {
    ...{ video10: codec, video13: isp, video14: isp, video20: backEnd, video31: codec },
  };

  it('is none on a board without one', async () => {
    await expect(found(board)).rejects.toThrow('camera: no /dev/video file captures; plug one in');
    await expect(found({ ...board, video0: cfe, video1: unicam })).rejects.toThrow(
      'plug one in; rp1-cfe is for camera modules, with the source "libcamera"',
    );
  });

  it('is the webcam beside all that', async () => {
    const all = { video0: unicam, video1: loopback, ...board, video32: metadata, video33: webcam };
    expect(await found(all)).toBe('video33');
    expect(await found({ video0: legacyPi, ...board })).toBe('video0');
  });

  it('is one for people among those of a depth camera, and the maker’s processor beside raw files', async () => {
    const all = { video0: depth, video1: metadata, video2: stereo, video3: metadata };
    expect(await found({ ...all, video4: webcam })).toBe('video4');
    const raw = printed({ driver: 'rkcif', card: 'rkcif', caps: '0x04201000' });
    expect(await found({ video0: raw, video1: rockchipOfMaker })).toBe('video1');
    expect(await found({ video1: rockchipOfMaker }, 'video1')).toBe('video1');
    await expect(found({ video0: rockchipOfKernel })).rejects.toThrow(
      'plug one in; rkisp1_mainpath is for camera modules, with the source "libcamera"',
    );
  });

  it('is one for the dark only when there is no other', async () => {
    expect(await found({ video0: infraredInJpeg, video2: webcam })).toBe('video2');
    expect(await found({ video0: infraredAsColour, video1: metadata })).toBe('video0');
    await rm(join(folder, 'video1'));
    await expect(found({ video0: infrared, video2: output })).rejects.toThrow(/gives only GREY/);
  });

  it('is what it is, also when somebody names it', async () => {
    const all = { video0: isp, video1: unicam, video2: metadata, video3: loopback };
    await expect(found(all, 'video0')).rejects.toThrow('no camera; name another device, or "auto"');
    await expect(found(all, 'video1')).rejects.toThrow(
      'set the source of the camera to "libcamera"',
    );
    await expect(found(all, 'video2')).rejects.toThrow('gives no pictures');
    expect(await found(all, 'video3')).toBe('video3');
  });

  it('is not refused for a list that is older than what is read here', async () => {
    for (const device of ['auto', 'video0'])
      await expect(found({ video0: old }, device)).rejects.toThrow(
        'what Webcam C270 can do is listed by a v4l2-ctl that is too old; install v4l-utils 1.16 or newer',
      );
  });
});
