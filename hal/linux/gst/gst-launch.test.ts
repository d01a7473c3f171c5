import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ChildEnd } from '../../bus/child.ts';
import { parseBaseTimeMs } from '../camera/frame-time.ts';
import { explainPipeline, holderOf } from './gst-launch.ts';

const failed: ChildEnd = { code: 255, signal: null };
const v4l2 = '/GstPipeline:pipeline0/GstV4l2Src:v4l2src0';

const logLine = (lines: readonly string[], end = failed) =>
  explainPipeline(lines, end, {
    name: 'camera (/dev/video0)',
    file: '/dev/video0',
    group: 'video',
    find: async () => ({ pid: 812, name: 'cheese' }),
  });

describe('why a pipeline ended', () => {
  it.each([
    [
      'a device that is not there',
      [
        `ERROR: from element ${v4l2}: Cannot identify device '/dev/video0'.`,
        'Additional debug info:',
        'system error: No such file or directory',
        "ERROR: pipeline doesn't want to preroll.",
      ],
      'is not there; check its cable and its power',
    ],
    [
      'a device that was pulled out',
      [`ERROR: from element ${v4l2}: Failed to allocate a buffer`, 'system error: No such device'],
      'is not there; check its cable and its power',
    ],
    [
      'a device that this user may not open',
      [
        `ERROR: from element ${v4l2}: Could not open device '/dev/video0' for reading and writing.`,
        'system error: Permission denied',
      ],
      'this user may not open it; add the user to the group "video", then log in or start the service again',
    ],
    [
      'a device that is in use',
      [
        `ERROR: from element ${v4l2}: Device '/dev/video0' is busy`,
        'Call to S_FMT failed for YUYV @ 640x480: Device or resource busy',
      ],
      'is in use by cheese (process 812); close it',
    ],
    [
      'an element that is not installed',
      ['WARNING: erroneous pipeline: no element "webrtcdsp"'],
      'GStreamer has no element "webrtcdsp"; install it: apt install gstreamer1.0-plugins-bad',
    ],
    [
      'a mode that does not exist',
      [
        'ERROR: from element /GstPipeline:pipeline0/GstV4l2Src:v4l2src0: Internal data stream error.',
        'streaming stopped, reason not-negotiated (-4)',
      ],
      'offers nothing that can be used (Internal data stream error)',
    ],
    [
      'anything else',
      [
        '0:00:00.009457896 21206 0x562f DEBUG pipeline no such device, says the log',
        'ERROR: from element /GstPipeline:pipeline0/GstJpegDec:jpegdec0: Failed to decode JPEG image',
      ],
      'the pipeline failed (Failed to decode JPEG image); it is tried again',
    ],
  ])('%s', async (_, lines, why) => {
    expect(await logLine(lines)).toBe(`camera (/dev/video0): ${why}`);
  });

  it('without a word is told by how it ended', async () => {
    expect(await logLine([], { code: null, signal: 'SIGSEGV' })).toMatch(/ended by SIGSEGV/);
    expect(await logLine([], { code: 0, signal: null })).toMatch(/its stream ended/);
    expect(await logLine([])).toMatch(/code 255 and no word/);
  });
});

describe('who holds a device', () => {
  it('is found by the files that processes have open', async () => {
    const proc = await mkdtemp(join(tmpdir(), 'deskmate-proc-'));
    for (const [pid, target] of [
      ['7', '/dev/null'],
      ['8', '/dev/video0'],
    ] as const) {
      await mkdir(join(proc, pid, 'fd'), { recursive: true });
      await symlink(target, join(proc, pid, 'fd', '3'));
      await writeFile(join(proc, pid, 'comm'), `program-${pid}\n`);
    }
    expect(await holderOf('/dev/video0', proc)).toEqual({ pid: 8, name: 'program-8' });
    expect(await holderOf('/dev/video0', proc, 8)).toBeUndefined();
    expect(await holderOf('/dev/video1', proc)).toBeUndefined();
    await rm(proc, { recursive: true });
    expect(await holderOf('/dev/video0', proc)).toBeUndefined();
  });
});

describe('the base time', () => {
  it('is read from the line that says it', () => {
    const place =
      '0:00:00.009 21206 0x562f DEBUG pipeline gstpipeline.c:494:gst_pipeline_change_state:<pipeline0>';
    const line = `${place} start_time=0:00:00.000000000, now=3:24:40.004481156, base_time 3:24:40.004481156`;
    expect(parseBaseTimeMs(line)).toBeCloseTo(12_280_004.481156, 6);
    expect(parseBaseTimeMs(`${place} selecting clock and base_time`)).toBeUndefined();
    expect(parseBaseTimeMs('ERROR: from element x: base_time 1:2')).toBeUndefined();
  });
});
