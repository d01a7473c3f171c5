/** The robot's sending side as the agent has it, in its own process to measure its cost. */
import { createInterface } from 'node:readline';
import wrtc from '@roamhq/wrtc';
import { OutgoingVideo } from '../../../agent/media/outgoing-video.ts';
import { SystemClock } from '../../../hal/linux/time/system-clock.ts';
import { silentLog } from '../../../hal/ports/log.ts';
import { allCandidates } from './gathering.ts';
import { drawFrame, makeWall, type PictureSize, StampClock } from './picture.ts';

interface Start {
  readonly offer: string;
  readonly size: PictureSize;
  readonly periodMs: number;
}

const { RTCPeerConnection, MediaStream, nonstandard } = wrtc;
const clock = new SystemClock();

async function start({ offer, size, periodMs }: Start): Promise<() => void> {
  const connection = new RTCPeerConnection();
  await connection.setRemoteDescription({ type: 'offer', sdp: OutgoingVideo.prepare(offer) });
  const parts = { RTCVideoSource: nonstandard.RTCVideoSource, MediaStream };
  const video = new OutgoingVideo(connection, parts, clock, silentLog);
  await connection.setLocalDescription(await connection.createAnswer());
  process.stdout.write(`${JSON.stringify({ answer: await allCandidates(connection) })}\n`);
  const camera = film(video, size, periodMs);
  return () => {
    camera.cancel();
    video.close();
    connection.close();
  };
}

function film(
  video: OutgoingVideo,
  size: PictureSize,
  periodMs: number,
): ReturnType<SystemClock['every']> {
  const wall = makeWall(size);
  const stamps = new StampClock();
  const data = new Uint8ClampedArray((size.width * size.height * 3) / 2);
  let n = 0;
  return clock.every(periodMs, () => {
    drawFrame(wall, size, data, n, stamps.tenths());
    n += 1;
    video.send({ ...size, data, capturedAtMs: clock.now() });
  });
}

let stop = (): void => {};
const input = createInterface({ input: process.stdin });
input.once('line', (line) => {
  start(JSON.parse(line)).then(
    (end) => {
      stop = end;
    },
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
input.on('close', () => {
  stop();
  // libwebrtc's threads end after close(); they would keep the process alive for a while.
  setTimeout(() => process.exit(0), 200);
});
