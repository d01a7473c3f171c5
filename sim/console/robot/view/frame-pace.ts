const FRAME_MS = { hardware: 1000 / 31, software: 1000 / 16 };
/** Where drawing is slow it may take this share of the time: the words beside it must stay true. */
const DRAWING_SHARE = 0.3;
const SLOWEST_MS = 500;
/** What a frame takes that costs nothing, on a slow screen. */
const REFRESH_MS = 20;

/** How often frames are drawn: 30 a second, and fewer where the processor draws and is slow at it. */
export class FramePace {
  private readonly fastestMs: number;
  private frameMs: number;
  private lastMs = 0;
  private renderedAtMs: number | undefined;

  constructor(software: boolean) {
    this.fastestMs = software ? FRAME_MS.software : FRAME_MS.hardware;
    this.frameMs = this.fastestMs;
  }

  /** Asked whenever the browser offers a frame: milliseconds since the last one, when one is due. */
  due(nowMs: number): number | undefined {
    this.measure();
    const passed = nowMs - this.lastMs;
    if (passed < this.frameMs) return undefined;
    this.lastMs = nowMs;
    return passed;
  }

  /** A frame was handed to the browser. */
  rendered(): void {
    this.renderedAtMs = performance.now();
  }

  /** The browser asks for the next frame when it has done with this one: late where drawing is slow. */
  private measure(): void {
    if (this.renderedAtMs === undefined) return;
    const drawingMs = performance.now() - this.renderedAtMs - REFRESH_MS;
    this.renderedAtMs = undefined;
    const wanted = Math.min(SLOWEST_MS, Math.max(this.fastestMs, drawingMs / DRAWING_SHARE));
    this.frameMs += 0.2 * (wanted - this.frameMs);
  }
}
