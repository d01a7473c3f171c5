import type { Pipe } from '../../firmware/link/pipe.ts';
import {
  type Body,
  type BodyEvent,
  BodyMessage,
  type Intent,
  NOTHING_WANTED,
  WANTED_PERIOD_MS,
  type Wanted,
} from '../../firmware/link/schema.ts';
import { jsonOf } from '../../hal/common/json.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { RefusalBook } from '../model/refusals.ts';

/** Opens a pipe to firmware; rejects while firmware is not there. */
export type ConnectPipe = () => Promise<Pipe>;

/** How long to wait before the next try to reach firmware, which restarts within a second. */
const RETRY_MS = 250;
/**
 * Without a `body` for this long the body is lost, although the pipe may still be open: camera and
 * microphone are closed within half a second of its last word.
 */
export const BODY_LOST_MS = 400;
/** As many beats must have found nothing: a process that was held up itself reads first what came. */
const SILENT_BEATS = 3;
/** A clock that says more than this of the future is not this machine's. */
const FUTURE_MS = 1_000;

interface PanTilt {
  readonly pan: number;
  readonly tilt: number;
}

/** What the session asks of the body. Dropped while firmware is out of reach: nothing is queued. */
export interface BodyCommands {
  want(wanted: Wanted): void;
  /** Degrees. `receivedAtMs`: when the pupil's command reached the agent. */
  look(target: PanTilt, receivedAtMs: number): void;
  /** Degrees per second. */
  lookRate(rate: PanTilt, receivedAtMs: number): void;
  gesture(gesture: 'nod' | 'shake'): void;
  stop(): void;
}

interface BodyListener {
  /** Each `body` message, 50 a second. */
  onBody(body: Body): void;
  onEvent(event: BodyEvent): void;
  /** The body came (true, and its word follows) or was lost (false). */
  onPresent(present: boolean): void;
}

type IntentWithoutSeq = Intent extends infer I
  ? I extends Intent
    ? Omit<I, 'seq'>
    : never
  : never;

interface BodyLinkParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly refusals: RefusalBook;
  readonly connect: ConnectPipe;
}

/**
 * The agent's end of the link to firmware: repeats what is wanted, hands on what the body tells,
 * and reconnects for ever. What comes in is parsed; garbage is counted and changes nothing.
 */
export class BodyLink implements BodyCommands {
  private pipe: Pipe | undefined;
  private wanted: Wanted = NOTHING_WANTED;
  private latest: Body | undefined;
  /** When the newest word was said, by the body's own account. */
  private lastBodyMs = Number.NEGATIVE_INFINITY;
  private silentBeats = 0;
  private seq = 0;
  private listener: BodyListener | undefined;
  private timers: Timer[] = [];
  private closed = false;

  constructor(private readonly parts: BodyLinkParts) {}

  /** The newest word of the body; undefined while the body is lost. */
  get body(): Body | undefined {
    return this.latest;
  }

  start(listener: BodyListener): void {
    this.listener = listener;
    this.timers.push(this.parts.clock.every(WANTED_PERIOD_MS, () => this.beat()));
    void this.connect();
  }

  close(): void {
    this.closed = true;
    for (const timer of this.timers) timer.cancel();
    this.pipe?.close();
    this.pipe = undefined;
  }

  want(wanted: Wanted): void {
    if (sameWanted(wanted, this.wanted)) return;
    this.wanted = wanted;
    this.send({ kind: 'wanted', wanted });
  }

  look({ pan, tilt }: PanTilt, receivedAtMs: number): void {
    this.send({ kind: 'look', pan, tilt, receivedAtMs });
  }

  lookRate({ pan, tilt }: PanTilt, receivedAtMs: number): void {
    this.send({ kind: 'lookRate', pan, tilt, receivedAtMs });
  }

  gesture(gesture: 'nod' | 'shake'): void {
    this.send({ kind: 'gesture', gesture });
  }

  stop(): void {
    this.send({ kind: 'stop' });
  }

  private beat(): void {
    this.send({ kind: 'wanted', wanted: this.wanted });
    this.silentBeats += 1;
    const silentMs = this.parts.clock.now() - this.lastBodyMs;
    if (silentMs > BODY_LOST_MS && this.silentBeats >= SILENT_BEATS) this.lose('silent');
  }

  private send(intent: IntentWithoutSeq): void {
    this.pipe?.send(JSON.stringify({ ...intent, seq: this.seq++ }));
  }

  private async connect(): Promise<void> {
    try {
      const pipe = await this.parts.connect();
      if (this.closed) pipe.close();
      else this.adopt(pipe);
    } catch (error) {
      this.parts.log.debug({ error: String(error) }, 'firmware is out of reach; trying again');
      this.retry();
    }
  }

  private adopt(pipe: Pipe): void {
    this.pipe = pipe;
    pipe.onLine((line) => this.receive(line));
    pipe.onClose(() => {
      if (this.pipe !== pipe) return;
      this.pipe = undefined;
      this.lose('closed');
      this.retry();
    });
    this.parts.log.info({}, 'linked to firmware');
    this.send({ kind: 'wanted', wanted: this.wanted });
  }

  private retry(): void {
    if (!this.closed) this.parts.clock.after(RETRY_MS, () => void this.connect());
  }

  private receive(line: string | undefined): void {
    if (this.closed) return;
    const message = line === undefined ? 'tooLong' : parse(line);
    if (typeof message === 'string') this.parts.refusals.note('link', message);
    else if (message.kind === 'body') this.take(message);
    else if (message.kind === 'refused') this.parts.refusals.note('body', message.reason);
    else this.happen(message);
  }

  private happen(event: BodyEvent): void {
    this.parts.log.info({ event: event.event }, 'body event');
    this.listener?.onEvent(event);
  }

  private take(body: Body): void {
    if (!this.isNews(body)) {
      this.parts.refusals.note('link', 'stale');
      return;
    }
    const appeared = this.latest === undefined;
    this.latest = body;
    this.lastBodyMs = body.atMs;
    this.silentBeats = 0;
    if (appeared) this.listener?.onPresent(true);
    this.listener?.onBody(body);
  }

  /** What was said long ago, or said before, is as good as silence: the teacher may have paused since. */
  private isNews({ atMs }: Body): boolean {
    const now = this.parts.clock.now();
    return atMs > this.lastBodyMs && now - atMs <= BODY_LOST_MS && atMs - now <= FUTURE_MS;
  }

  private lose(why: 'closed' | 'silent'): void {
    if (!this.latest) return;
    this.latest = undefined;
    this.parts.log.warn({ why }, 'body lost');
    this.listener?.onPresent(false);
  }
}

function parse(line: string): BodyMessage | 'malformed' {
  return BodyMessage.safeParse(jsonOf(line)).data ?? 'malformed';
}

function sameWanted(a: Wanted, b: Wanted): boolean {
  return (Object.keys(a) as (keyof Wanted)[]).every((key) => a[key] === b[key]);
}
