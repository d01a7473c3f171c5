import { jsonOf } from '../../hal/common/json.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { Cadence } from '../core/cadence.ts';
import type { Pipe } from './pipe.ts';
import { type BodyMessage, Intent, type Refusal } from './schema.ts';

/** Far above what an agent needs (120 commands and 20 `desired` a second). */
const MOST_LINES = 100;
const WINDOW_MS = 100;
/** Period at which refusals are logged, as counts. */
const REPORT_MS = 10_000;
/** Maximum log lines about connects and disconnects in REPORT_MS. */
const MOST_NOTED = 12;

/** Carries out an intent, or returns the refusal. */
type TakeIntent = (intent: Intent) => Refusal | undefined;

/**
 * Firmware's end of the link to the agent: one agent at a time, all input validated. Lines beyond
 * MOST_LINES in WINDOW_MS are dropped without parsing, so that a flood costs the control loop
 * little.
 */
export class AgentLink {
  private pipe: Pipe | undefined;
  /** Connected while another one is the agent, and has sent nothing yet. */
  private newcomer: Pipe | undefined;
  private windowMs = Number.NEGATIVE_INFINITY;
  private lines = 0;
  private readonly reports = new Cadence(REPORT_MS);
  private noted = { sinceMs: Number.NEGATIVE_INFINITY, count: 0 };
  private readonly counts = new Map<Refusal | 'flood', number>();

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly take: TakeIntent,
  ) {}

  get connected(): boolean {
    return this.pipe !== undefined;
  }

  /** Number of refusals of each kind. */
  get refusals(): ReadonlyMap<Refusal | 'flood', number> {
    return this.counts;
  }

  /**
   * A silent connection does not replace the agent: a later one replaces it with its first line,
   * which must be an intent.
   */
  attach(pipe: Pipe): void {
    pipe.onLine((line) => {
      if (pipe === this.newcomer) this.judgeNewcomer(pipe, line);
      else if (pipe === this.pipe) this.receive(line);
    });
    pipe.onClose(() => {
      if (pipe === this.newcomer) this.newcomer = undefined;
      if (pipe !== this.pipe) return;
      this.pipe = undefined;
      this.note('info', 'agent disconnected');
    });
    if (this.pipe) {
      const before = this.newcomer;
      this.newcomer = pipe;
      before?.close();
    } else this.adopt(pipe);
  }

  private judgeNewcomer(pipe: Pipe, line: string | undefined): void {
    this.newcomer = undefined;
    if (line === undefined || !Intent.safeParse(json(line)).success) {
      this.count(line === undefined ? 'tooLong' : 'malformed', this.clock.now());
      pipe.close();
      return;
    }
    const old = this.pipe;
    this.adopt(pipe);
    if (old) {
      this.note('warn', 'a second agent connected: it replaces the first');
      old.close();
    }
    this.receive(line);
  }

  private adopt(pipe: Pipe): void {
    this.pipe = pipe;
    this.note('info', 'agent connected');
  }

  /** Rate-limited: a client that keeps reconnecting must not fill the log. */
  private note(level: 'info' | 'warn', what: string): void {
    const nowMs = this.clock.now();
    if (nowMs - this.noted.sinceMs >= REPORT_MS) this.noted = { sinceMs: nowMs, count: 0 };
    this.noted.count += 1;
    if (this.noted.count <= MOST_NOTED) this.log[level]({}, what);
  }

  send(message: BodyMessage): void {
    this.pipe?.send(JSON.stringify(message));
  }

  close(): void {
    this.newcomer?.close();
    this.pipe?.close();
  }

  private receive(line: string | undefined): void {
    const nowMs = this.clock.now();
    if (nowMs - this.windowMs >= WINDOW_MS) {
      this.windowMs = nowMs;
      this.lines = 0;
    }
    this.lines += 1;
    if (this.lines > MOST_LINES) this.count('flood', nowMs);
    else this.judge(line, nowMs);
  }

  private judge(line: string | undefined, nowMs: number): void {
    if (line === undefined) {
      this.refuse(-1, 'tooLong', nowMs);
      return;
    }
    const value = json(line);
    const intent = Intent.safeParse(value).data;
    const refusal = intent ? this.take(intent) : 'malformed';
    if (refusal) this.refuse(intent?.seq ?? seqOf(value), refusal, nowMs);
  }

  private refuse(seq: number, reason: Refusal, nowMs: number): void {
    this.count(reason, nowMs);
    this.send({ kind: 'refused', seq, reason });
  }

  private count(reason: Refusal | 'flood', nowMs: number): void {
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + 1);
    if (this.reports.due(nowMs))
      this.log.warn({ latest: reason, ...Object.fromEntries(this.counts) }, 'refused of the agent');
  }
}

/** An intent has at most two objects, no array, and no string with brackets in it. */
const MOST_OPENED = 4;
const OBJECT = 0x7b;
const ARRAY = 0x5b;

/** Undefined for invalid JSON, and for deep nesting, which is expensive to parse and to free. */
function json(line: string): unknown {
  let opened = 0;
  for (let at = 0; at < line.length; at++) {
    const sign = line.charCodeAt(at);
    if ((sign === OBJECT || sign === ARRAY) && ++opened > MOST_OPENED) return undefined;
  }
  return jsonOf(line);
}

/** The `seq` of a malformed intent, for the refusal; -1 if it has none. */
function seqOf(value: unknown): number {
  if (typeof value !== 'object' || value === null || !('seq' in value)) return -1;
  return typeof value.seq === 'number' && Number.isSafeInteger(value.seq) ? value.seq : -1;
}
