import { jsonOf } from '../../hal/common/json.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { Cadence } from '../core/cadence.ts';
import type { Pipe } from './pipe.ts';
import { type BodyMessage, Intent, type Refusal } from './schema.ts';

/** Far above what an agent needs (120 commands and 20 `desired` a second). */
const MOST_LINES = 100;
const WINDOW_MS = 100;
/** Refusals are told to the log this often, as counts. */
const REPORT_MS = 10_000;
/** Lines about agents that come and go, in REPORT_MS. */
const MOST_NOTED = 12;

/** Carries an intent out, or says why not. */
type TakeIntent = (intent: Intent) => Refusal | undefined;

/**
 * The agent's end of the link as firmware sees it: one agent at a time, parsed at the edge,
 * nothing believed. What it sends beyond MOST_LINES is dropped unread, so that a flood costs the
 * control loop next to nothing.
 */
export class AgentLink {
  private pipe: Pipe | undefined;
  /** Has connected while another one is the agent, and has not said a word. */
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

  /** How often each kind of refusal has happened. */
  get refusals(): ReadonlyMap<Refusal | 'flood', number> {
    return this.counts;
  }

  /**
   * Nobody loses its place to a connection that is silent: whoever comes later takes it with its
   * first line, which must be an intent.
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

  /** A few lines in a row, and then one in a while: who comes and goes must not fill the log. */
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

/** No intent has more than two objects, no array, and no text with such signs in it. */
const MOST_OPENED = 4;
const OBJECT = 0x7b;
const ARRAY = 0x5b;

/** Undefined for what is no JSON, or nested as no intent is: that costs much to read, and to forget. */
function json(line: string): unknown {
  let opened = 0;
  for (let at = 0; at < line.length; at++) {
    const sign = line.charCodeAt(at);
    if ((sign === OBJECT || sign === ARRAY) && ++opened > MOST_OPENED) return undefined;
  }
  return jsonOf(line);
}

/** The sequence number of what is otherwise wrong, so that its sender knows which; else -1. */
function seqOf(value: unknown): number {
  if (typeof value !== 'object' || value === null || !('seq' in value)) return -1;
  return typeof value.seq === 'number' && Number.isSafeInteger(value.seq) ? value.seq : -1;
}
