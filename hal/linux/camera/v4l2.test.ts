import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseMode } from './choose-mode.ts';
import { type CameraMode, parseDevice } from './v4l2-modes.ts';
import { findV4l2Source } from './v4l2-source.ts';

const head = (card: string, caps: string) => `Driver Info:
	Driver name      : uvcvideo
	Card type        : ${card}
	Bus info         : usb-0000:00:14.0-8
	Driver version   : 6.1.0
	Capabilities     : 0x84a00001
		Video Capture
	Device Caps      : ${caps}
		Video Capture
`;

/** A webcam as most are: quick only in MJPEG, and one large format that is slow. */
const webcam = `${head('HD Webcam: HD Webcam', '0x04200001')}
ioctl: VIDIOC_ENUM_FMT
	Type: Video Capture

	[0]: 'MJPG' (Motion-JPEG, compressed)
		Size: Discrete 1280x720
			Interval: Discrete 0.033s (30.000 fps)
		Size: Discrete 640x480
			Interval: Discrete 0.033s (30.000 fps)
			Interval: Discrete 0.017s (60.000 fps)
	[1]: 'YUYV' (YUYV 4:2:2)
		Size: Discrete 640x480
			Interval: Discrete 0.033s (29.970 fps)
		Size: Discrete 1280x720
			Interval: Discrete 0.100s (10.000 fps)
`;
const metadata = head('HD Webcam: HD Webcam', '0x04a00000');
const codec = `${head('bcm2835-codec-decode', '0x04204000')}
	[0]: 'YU12' (Planar YUV 4:2:0)
		Size: Stepwise 32x32 - 1920x1920 with step 2/2
`;
const ranged = `${head('any size', '0x05200001')}
	[0]: 'NV12' (Y/UV 4:2:0)
		Size: Stepwise 16x16 - 1920x1080 with step 2/2
			Interval: Continuous 0.010s - 1.000s (1.000-100.000 fps)
`;
const onlyH264 = `${head('Action Camera', '0x04200001')}
	[0]: 'H264' (H.264, compressed)
		Size: Discrete 1920x1080
			Interval: Discrete 0.033s (30.000 fps)
`;
const sensor = `${head('unicam', '0x25200001')}
	[0]: 'pBAA' (10-bit Bayer BGBG/GRGR Packed)
		Size: Discrete 1640x1232
`;

const hd = { width: 1280, height: 720 };
const sd = { width: 640, height: 480 };

describe('the modes of a camera', () => {
  it('are read from its own list', () => {
    const { card, captures, modes } = parseDevice(webcam);
    expect({ card, captures, modes: modes.length }).toEqual({
      card: 'HD Webcam: HD Webcam',
      captures: true,
      modes: 4,
    });
    expect(modes[1]).toEqual({
      fourcc: 'MJPG',
      smallest: sd,
      largest: sd,
      rates: [30, 60],
      anyRate: false,
    });
    expect(parseDevice(ranged).modes[0]).toEqual({
      fourcc: 'NV12',
      smallest: { width: 16, height: 16 },
      largest: { width: 1920, height: 1080 },
      rates: [1, 100],
      anyRate: true,
    });
  });

  it('of a format with a longer name are not those of the format before it', () => {
    const { modes } = parseDevice(`${head('HD Webcam', '0x04200001')}
	[0]: 'YUYV' (YUYV 4:2:2)
		Size: Discrete 640x480
			Interval: Discrete 0.033s (30.000 fps)
	[1]: 'Y16 -BE' (16-bit Greyscale BE)
		Size: Discrete 1280x720
			Interval: Discrete 0.033s (30.000 fps)
`);
    expect(modes.map(({ fourcc }) => fourcc)).toEqual(['YUYV', 'Y16 ']);
    expect(chooseMode(modes, hd, 30)).toMatchObject({ fourcc: 'YUYV', size: sd });
  });

  it('tell a camera from a codec and from a file of metadata', () => {
    expect(parseDevice(metadata).captures).toBe(false);
    expect(parseDevice(codec).captures).toBe(false);
    expect(parseDevice('').captures).toBe(false);
  });

  it('are chosen for movement, then sharpness, then little work', () => {
    const { modes } = parseDevice(webcam);
    expect(chooseMode(modes, hd, 30)).toMatchObject({ fourcc: 'MJPG', size: hd, fps: 30 });
    expect(chooseMode(modes, sd, 30)).toMatchObject({ fourcc: 'YUYV', size: sd, fps: 29.97 });
    expect(chooseMode(modes, sd, 60)).toMatchObject({ fourcc: 'MJPG', size: sd, fps: 60 });
    expect(chooseMode(modes, hd, 10)).toMatchObject({ fourcc: 'YUYV', size: hd, fps: 10 });
    expect(chooseMode(parseDevice(ranged).modes, hd, 25)).toMatchObject({ size: hd, fps: 25 });
  });

  it('keep the whole width where they can', () => {
    const mode = (width: number, height: number): CameraMode => ({
      fourcc: 'YUYV',
      smallest: { width, height },
      largest: { width, height },
      rates: [30],
      anyRate: false,
    });
    const modes = [mode(1280, 720), mode(800, 600)];
    expect(chooseMode(modes, sd, 30)?.size).toEqual({ width: 800, height: 600 });
    // A 4:3 picture for a wide one loses only its top and bottom.
    expect(
      chooseMode([mode(640, 480), mode(1920, 1080)], { width: 640, height: 360 }, 30)?.size,
    ).toEqual(sd);
  });
});

describe('a V4L2 camera', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deskmate-video-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function plugged(devices: Record<string, string>) {
    for (const name of Object.keys(devices)) await writeFile(join(folder, name), '');
    const list = async (file: string) => devices[file.slice(folder.length + 1)] ?? '';
    return (device: string) => findV4l2Source(device, hd, 30, { folder, list });
  }

  it('is the first that captures, by number', async () => {
    const find = await plugged({
      video10: codec,
      video0: metadata,
      video2: webcam,
      video11: ranged,
    });
    const source = await find('auto');
    expect(source).toMatchObject({
      file: join(folder, 'video2'),
      coding: 'jpeg',
      size: hd,
      fps: 30,
    });
    expect(source.words).toEqual([
      'v4l2src',
      `device=${join(folder, 'video2')}`,
      '!',
      'image/jpeg,width=1280,height=720,framerate=[29940/1000,30060/1000]',
    ]);
  });

  it('of any rate is asked for exactly the rate', async () => {
    const find = await plugged({ video0: ranged });
    expect((await find('auto')).words.at(-1)).toBe(
      'video/x-raw,format=NV12,width=1280,height=720,framerate=30000/1000',
    );
  });

  it('that is not there, or gives nothing of use, is refused in one line', async () => {
    const find = await plugged({ video0: metadata });
    await expect(find('auto')).rejects.toThrow('camera: no /dev/video file captures; plug one in');
    await expect(find(join(folder, 'video7'))).rejects.toThrow(
      `camera (${folder}/video7): is not there; check its cable and its power`,
    );
    const other = await plugged({ video1: onlyH264, video3: sensor });
    await expect(other(join(folder, 'video1'))).rejects.toThrow(
      'Action Camera gives only H264, expected raw pictures or MJPEG; use another camera',
    );
    await expect(other(join(folder, 'video3'))).rejects.toThrow(
      'unicam gives only pBAA, expected raw pictures or MJPEG; set the source of the camera to "libcamera"',
    );
    await expect(other('auto')).rejects.toThrow('Action Camera');
  });
});
