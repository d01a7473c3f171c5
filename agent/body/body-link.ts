import type { Pipe } from '../../firmware/link/pipe.ts';
import {
  type Body,
  type BodyEvent,
  BodyMessage,
  DESIRED_STATE_PERIOD_MS,
  type DesiredState,
  type Intent,
  NOTHING_DESIRED,
} from '../../firmware/link/schema.ts';
import { jsonOf } from '../../hal/common/json.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { RefusalLog } from '../model/refusal-counters.ts';

/** Opens a pipe to firmware; rejects while firmware is unreachable. */
export type ConnectPipe = () => Promise<Pipe>;

/** Delay before reconnecting to firmware, which restarts within a second. */
const RETRY_MS = 250;
/**
 * Without a `body` message for this long the body counts as lost, even if the pipe is still open,
 * so that camera and microphone are off within half a second of the last one.
 */
export const BODY_LOST_MS = 400;
/** Minimum ticks of silence: a process that was blocked reads pending messages first. */
const SILENT_TICKS = 3;
/** A timestamp further in the future is not from this machine's clock. */
const FUTURE_MS = 1_000;

interface PanTilt {
  readonly pan: number;
  readonly tilt: number;
}

/** The session's commands to the body. Dropped while firmware is unreachable: nothing is queued. */
export interface BodyCommands {
  setDesired(desired: DesiredState): void;
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
  /** The body connected (true, and its message follows) or was lost (false). */
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
  readonly refusals: RefusalLog;
  readonly connect: ConnectPipe;
}

/** `unlinked`: before the start, while connecting, and between attempts. `closed` is final. */
type LinkState =
  | { readonly name: 'unlinked' | 'closed' }
  | { readonly name: 'linked'; readonly pipe: Pipe };

/** Whether body messages arrive. `lastMs`: the last one's own timestamp. */
type Presence =
  | { readonly name: 'lost'; readonly lastMs: number }
  | { readonly name: 'present'; readonly body: Body; readonly silentTicks: number };

type PresenceEvent =
  | { readonly type: 'body'; readonly body: Body }
  /** A period of `desired` has passed. */
  | { readonly type: 'tick'; readonly nowMs: number }
  /** The pipe is gone. */
  | { readonly type: 'closed' };

function stepPresence(presence: Presence, event: PresenceEvent): Presence {
  if (event.type === 'body') return { name: 'present', body: event.body, silentTicks: 0 };
  if (presence.name === 'lost') return presence;
  const { body } = presence;
  const lost = { name: 'lost', lastMs: body.atMs } as const;
  if (event.type === 'closed') return lost;
  const silentTicks = presence.silentTicks + 1;
  const silent = event.nowMs - body.atMs > BODY_LOST_MS && silentTicks >= SILENT_TICKS;
  return silent ? lost : { ...presence, silentTicks };
}

/**
 * The agent's end of the link to firmware: repeats the desired state, passes on body messages and
 * events, and reconnects for ever. Input is parsed; garbage is counted and ignored.
 */
export class BodyLink implements BodyCommands {
  private link: LinkState = { name: 'unlinked' };
  private presence: Presence = { name: 'lost', lastMs: Number.NEGATIVE_INFINITY };
  private desired: DesiredState = NOTHING_DESIRED;
  private seq = 0;
  private listener: BodyListener | undefined;
  private heartbeat: Timer | undefined;

  constructor(private readonly parts: BodyLinkParts) {}

  /** The latest body message; undefined while the body is lost. */
  get body(): Body | undefined {
    return this.presence.name === 'present' ? this.presence.body : undefined;
  }

  start(listener: BodyListener): void {
    this.listener = listener;
    this.heartbeat = this.parts.clock.every(DESIRED_STATE_PERIOD_MS, () => this.tick());
    void this.connect();
  }

  close(): void {
    const { link } = this;
    this.link = { name: 'closed' };
    this.heartbeat?.cancel();
    if (link.name === 'linked') link.pipe.close();
  }

  setDesired(desired: DesiredState): void {
    if (sameDesired(desired, this.desired)) return;
    this.desired = desired;
    this.send({ kind: 'desired', desired });
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

  private tick(): void {
    this.send({ kind: 'desired', desired: this.desired });
    this.advance({ type: 'tick', nowMs: this.parts.clock.now() });
  }

  private send(intent: IntentWithoutSeq): void {
    if (this.link.name !== 'linked') return;
    this.link.pipe.send(JSON.stringify({ ...intent, seq: this.seq++ }));
  }

  private async connect(): Promise<void> {
    try {
      const pipe = await this.parts.connect();
      if (this.link.name === 'closed') pipe.close();
      else this.attach(pipe);
    } catch (error) {
      this.parts.log.debug({ error: String(error) }, 'firmware is out of reach; trying again');
      this.scheduleReconnect();
    }
  }

  private attach(pipe: Pipe): void {
    this.link = { name: 'linked', pipe };
    pipe.onLine((line) => this.receive(line));
    pipe.onClose(() => {
      if (this.link.name === 'linked') this.link = { name: 'unlinked' };
      this.advance({ type: 'closed' });
      this.scheduleReconnect();
    });
    this.parts.log.info({}, 'linked to firmware');
    this.send({ kind: 'desired', desired: this.desired });
  }

  private scheduleReconnect(): void {
    if (this.link.name === 'closed') return;
    this.parts.clock.after(RETRY_MS, () => void this.connect());
  }

  private receive(line: string | undefined): void {
    if (this.link.name === 'closed') return;
    const message = line === undefined ? 'tooLong' : parse(line);
    if (typeof message === 'string') this.parts.refusals.note('link', message);
    else if (message.kind === 'body') this.handleBody(message);
    else if (message.kind === 'refused') this.parts.refusals.note('body', message.reason);
    else this.handleEvent(message);
  }

  private handleEvent(event: BodyEvent): void {
    this.parts.log.info({ event: event.event }, 'body event');
    this.listener?.onEvent(event);
  }

  private handleBody(body: Body): void {
    if (!this.isFresh(body)) {
      this.parts.refusals.note('link', 'stale');
      return;
    }
    this.advance({ type: 'body', body });
    this.listener?.onBody(body);
  }

  /** An outdated or repeated message counts as silence: the teacher may have paused since. */
  private isFresh({ atMs }: Body): boolean {
    const { presence } = this;
    const lastMs = presence.name === 'present' ? presence.body.atMs : presence.lastMs;
    const now = this.parts.clock.now();
    return atMs > lastMs && now - atMs <= BODY_LOST_MS && atMs - now <= FUTURE_MS;
  }

  private advance(event: PresenceEvent): void {
    const before = this.presence.name;
    this.presence = stepPresence(this.presence, event);
    const { name } = this.presence;
    if (name === before) return;
    const why = event.type === 'tick' ? 'silent' : 'closed';
    if (name === 'lost') this.parts.log.warn({ why }, 'body lost');
    this.listener?.onPresent(name === 'present');
  }
}

function parse(line: string): BodyMessage | 'malformed' {
  return BodyMessage.safeParse(jsonOf(line)).data ?? 'malformed';
}

function sameDesired(a: DesiredState, b: DesiredState): boolean {
  const keys = Object.keys({ ...a, ...b }) as (keyof DesiredState)[];
  return keys.every((key) => a[key] === b[key]);
}
