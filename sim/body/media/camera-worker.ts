/** The camera's thread: paints the room once, then draws pictures into the buffers it is given. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { SystemClock } from '../../../hal/linux/time/system-clock.ts';
import type { Timer } from '../../../hal/ports/clock.ts';
import { Renderer } from '../../classroom/render.ts';
import { Classroom } from '../../classroom/scene.ts';
import { onGrid } from './camera-frames.ts';
import {
  CameraShare,
  type CameraThreadData,
  type FromCameraThread,
  type ToCameraThread,
} from './camera-share.ts';

class CameraThread {
  private readonly clock = new SystemClock();
  private readonly room = new Classroom();
  private timer: Timer | undefined;
  private run = 0;
  private code: string | null = null;
  private free: ArrayBuffer[] = [];

  constructor(
    private readonly port: MessagePort,
    private readonly share: CameraShare,
  ) {}

  take(message: ToCameraThread): void {
    if (message.kind === 'buffer') {
      if (message.run === this.run) this.free.push(message.buffer);
      return;
    }
    if (message.kind === 'code') {
      this.code = message.text;
      return;
    }
    this.timer?.cancel();
    this.free = [];
    if (message.kind === 'start') this.start(message);
  }

  private start({ run, size, fps }: ToCameraThread & { kind: 'start' }): void {
    this.run = run;
    const renderer = new Renderer(size, this.room.store);
    this.timer = onGrid(this.clock, fps, (capturedAtMs) => {
      // No buffer is free: the owner is behind, so this picture is the one that is dropped.
      const buffer = this.share.power ? this.free.pop() : undefined;
      if (!buffer) return;
      const head = this.share.headAt(capturedAtMs);
      const { code: text } = this;
      const moment = {
        ...{ sceneMs: capturedAtMs, wallMs: this.clock.wall() },
        ...(text !== null && { tablet: { text, pose: head } }),
      };
      renderer.render(new Uint8Array(buffer), this.room.surfacesAt(moment), head);
      const drawnAtMs = this.clock.now();
      const frame: FromCameraThread = { kind: 'frame', run, buffer, capturedAtMs, drawnAtMs };
      this.share.countSent();
      this.port.postMessage(frame, [buffer]);
    });
  }
}

if (parentPort) {
  const { memory } = workerData as CameraThreadData;
  const thread = new CameraThread(parentPort, new CameraShare(memory));
  parentPort.on('message', (message: ToCameraThread) => thread.take(message));
}
