import type { Command, LookMessage } from '../wire/control.ts';
import type { ClientClock, ClientTimer } from './client-clock.ts';

/** 60 Hz: a screen shows no more, and the head follows no faster. */
const LOOK_PERIOD_MS = 1_000 / 60;

interface RemoteParts {
  readonly clock: ClientClock;
  readonly sendLook: (text: string) => boolean;
  readonly sendControl: (text: string, kind: Command['kind']) => boolean;
}

type Unnumbered<T> = T extends { seq: number } ? Omit<T, 'seq'> : never;
export type CommandBody = Unnumbered<Command>;
type LookBody = Unnumbered<LookMessage>;

/**
 * What the pupil commands. Numbers run on over reconnections, so that the robot can tell new from
 * old. Looks are coalesced: at most one each LOOK_PERIOD_MS goes out, the newest, and while the
 * link is stuck or away none is kept for later but that one.
 */
export class Remote {
  private seq = 0;
  private pendingLook: LookBody | undefined;
  private timer: ClientTimer | undefined;
  private lookSentAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: RemoteParts) {}

  /** False when there is no connection: a command is never kept for later. */
  command(body: CommandBody): boolean {
    this.seq += 1;
    return this.parts.sendControl(JSON.stringify({ ...body, seq: this.seq }), body.kind);
  }

  look(pan: number, tilt: number): void {
    if (!Number.isFinite(pan) || !Number.isFinite(tilt)) return;
    this.aim({ kind: 'look', pan: clamp(pan, 180), tilt: clamp(tilt, 90) });
  }

  lookRate(pan: number, tilt: number): void {
    if (!Number.isFinite(pan) || !Number.isFinite(tilt)) return;
    this.aim({ kind: 'lookRate', pan: clamp(pan, 360), tilt: clamp(tilt, 360) });
  }

  /** Forgets a look that has not gone out: after a loss it would be a surprise. */
  reset(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.pendingLook = undefined;
  }

  private aim(body: LookBody): void {
    this.pendingLook = body;
    if (this.timer) return;
    const waitMs = this.lookSentAtMs + LOOK_PERIOD_MS - this.parts.clock.now();
    if (waitMs <= 0) this.flush();
    else this.arm(waitMs);
  }

  private arm(ms: number): void {
    this.timer = this.parts.clock.after(ms, () => {
      this.timer = undefined;
      this.flush();
    });
  }

  private flush(): void {
    if (!this.pendingLook) return;
    const message = { ...this.pendingLook, seq: this.seq + 1 } as LookMessage;
    // The newest look is kept over a stuck moment: it is where the pupil wants to look.
    if (!this.parts.sendLook(JSON.stringify(message))) {
      this.arm(LOOK_PERIOD_MS);
      return;
    }
    this.seq += 1;
    this.pendingLook = undefined;
    this.lookSentAtMs = this.parts.clock.now();
  }
}

function clamp(value: number, limit: number): number {
  return Math.min(limit, Math.max(-limit, value));
}
