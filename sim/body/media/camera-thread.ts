/** The owner's side of the camera's thread: hands out buffers, passes on the newest picture. */
import { Worker } from 'node:worker_threads';
import type { Clock, Timer } from '../../../hal/ports/clock.ts';
import { frameBytes } from '../../classroom/render.ts';
import type { WorldPort } from '../../world/schema.ts';
import type { FrameRun, FrameSource } from './camera-frames.ts';
import {
  CameraShare,
  type CameraThreadData,
  type FromCameraThread,
  type ToCameraThread,
} from './camera-share.ts';
import { headMotionAt } from './device-state.ts';

/** One is drawn, one is shown, one is on its way back. */
const BUFFERS = 3;
const RESTART_MS = 1_000;
/**
 * A picture that waited for its owner longer than this, in frame periods, is not worth showing. Less
 * would leave nothing at all when the owner is always a little late.
 */
const STALE_PERIODS = 3;

export class ThreadFrames implements FrameSource {
  private readonly share = new CameraShare();
  private readonly stopListening: () => void;
  private worker: Worker | undefined;
  private run: FrameRun | undefined;
  private number = 0;
  /** What the thread was told of the tablet. */
  private code: string | null = null;
  private restart: Timer | undefined;
  private received = 0;

  /** Starts the thread at once: painting the room takes a moment, and a pupil should not wait. */
  constructor(
    private readonly entry: URL,
    world: WorldPort,
    private readonly clock: Clock,
    private readonly logLine: (line: string) => void,
  ) {
    this.stopListening = world.onState((state) => {
      this.share.setHead(headMotionAt(state, state.atMs), state.atMs);
      this.share.setPower(this.run?.powered() ?? false);
      this.tellCode(state.code);
    });
    this.open();
  }

  start(run: FrameRun): void {
    this.run = run;
    this.number += 1;
    const now = this.clock.now();
    this.share.setHead(run.head(now), now);
    this.share.setPower(run.powered());
    this.post({ kind: 'start', run: this.number, size: run.size, fps: run.fps });
    for (let i = 0; i < BUFFERS; i++) this.transfer(new ArrayBuffer(frameBytes(run.size)));
  }

  stop(): void {
    this.run = undefined;
    this.share.setPower(false);
    this.post({ kind: 'stop' });
  }

  async close(): Promise<void> {
    this.stop();
    this.stopListening();
    this.restart?.cancel();
    const worker = this.worker;
    this.worker = undefined;
    await worker?.terminate();
  }

  private open(): void {
    // Pictures that a failed thread had sent will not come any more.
    this.received = this.share.sent;
    this.code = null;
    const data: CameraThreadData = { memory: this.share.memory };
    const worker = new Worker(this.entry, { workerData: data });
    // The camera alone keeps no process alive.
    worker.unref();
    worker.on('message', (frame: FromCameraThread) => this.take(frame));
    worker.on('error', (error) => {
      this.logLine(`the simulated camera's thread failed: ${error}`);
      this.run?.onFailure("the simulated camera's thread failed; it is started again");
    });
    worker.on('exit', () => this.reopen(worker));
    this.worker = worker;
  }

  /** After a failure, not after close. */
  private reopen(worker: Worker): void {
    if (this.worker !== worker) return;
    this.restart = this.clock.after(RESTART_MS, () => {
      this.open();
      if (this.run) this.start(this.run);
    });
  }

  private tellCode(text: string | null): void {
    if (text === this.code) return;
    this.code = text;
    this.post({ kind: 'code', text });
  }

  private take(frame: FromCameraThread): void {
    this.received += 1;
    const run = this.run;
    if (!run || frame.run !== this.number) return;
    const { buffer, capturedAtMs } = frame;
    const newerWaits = this.share.sent > this.received;
    const stale = this.clock.now() - frame.drawnAtMs > (STALE_PERIODS * 1_000) / run.fps;
    if (!newerWaits && !stale && run.powered())
      run.onFrame({ ...run.size, data: new Uint8ClampedArray(buffer), capturedAtMs });
    // The listener may have started another run.
    if (frame.run === this.number) this.transfer(buffer);
  }

  private transfer(buffer: ArrayBuffer): void {
    this.worker?.postMessage(
      { kind: 'buffer', run: this.number, buffer } satisfies ToCameraThread,
      [buffer],
    );
  }

  private post(message: ToCameraThread): void {
    this.worker?.postMessage(message);
  }
}
