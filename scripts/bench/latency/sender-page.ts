import { allCandidates } from './gathering.ts';
import { drawFrame, makeWall, type PictureSize, StampClock } from './picture.ts';

/** Not in TypeScript's library: Chromium's way to feed a track with frames. */
declare class MediaStreamTrackGenerator extends MediaStreamTrack {
  constructor(init: { kind: 'video' });
  readonly writable: WritableStream<VideoFrame>;
}

/** Chromium as the robot: the same frames into a track of the page. */
export class SenderPage {
  private readonly connection = new RTCPeerConnection();
  private ticks: Worker | undefined;

  /** Answers the pupil's offer and starts the camera with a frame each `periodMs`. */
  async answer(offer: string, size: PictureSize, periodMs: number): Promise<string> {
    const { connection } = this;
    await connection.setRemoteDescription({ type: 'offer', sdp: offer });
    const track = new MediaStreamTrackGenerator({ kind: 'video' });
    const sender = connection.addTrack(track, new MediaStream([track]));
    await connection.setLocalDescription();
    // All senders keep the size, or the figures would not be of the same picture.
    const parameters = sender.getParameters();
    await sender.setParameters({ ...parameters, degradationPreference: 'maintain-resolution' });
    this.film(track.writable.getWriter(), size, periodMs);
    return allCandidates(connection);
  }

  close(): void {
    this.ticks?.terminate();
    this.connection.close();
  }

  private film(
    track: WritableStreamDefaultWriter<VideoFrame>,
    size: PictureSize,
    periodMs: number,
  ): void {
    const wall = makeWall(size);
    const clock = new StampClock();
    const data = new Uint8Array((size.width * size.height * 3) / 2);
    let n = 0;
    this.ticks = new Worker(URL.createObjectURL(new Blob([tickSource(periodMs)])));
    this.ticks.onmessage = () => {
      const now = performance.now();
      drawFrame(wall, size, data, n, clock.tenths(now));
      n += 1;
      const coded = { codedWidth: size.width, codedHeight: size.height };
      const timestamp = Math.round(now * 1_000);
      void track.write(new VideoFrame(data, { format: 'I420', ...coded, timestamp }));
    };
  }
}

/** A worker's timers are not throttled as a page's may be. */
function tickSource(periodMs: number): string {
  return `const start = performance.now();
    let n = 0;
    const next = () => {
      n = Math.max(n + 1, Math.floor((performance.now() - start) / ${periodMs}) + 1);
      setTimeout(() => { postMessage(n); next(); }, start + n * ${periodMs} - performance.now());
    };
    next();`;
}
