import { memoryPipe, type Pipe } from '../../firmware/link/pipe.ts';
import type { Body, BodyEvent, DesiredState } from '../../firmware/link/schema.ts';
import { BODY_PERIOD_MS, Intent } from '../../firmware/link/schema.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';

/** Firmware controlled by a test, which carries out every request at once. */
export class FakeFirmware {
  readonly intents: Intent[] = [];
  desired: DesiredState | undefined;
  /** Connections are refused while false. */
  up = true;
  /** While true, connections are accepted and nothing is sent. */
  mute = false;
  /** Age of each message's timestamp, milliseconds. */
  lateMs = 0;
  body: Body;
  private fixedLine: string | undefined;
  private pipe: Pipe | undefined;
  private timer: Timer | undefined;

  constructor(private readonly clock: Clock) {
    this.body = wellBody(clock.now());
  }

  readonly connect = async (): Promise<Pipe> => {
    if (!this.up) throw new Error('connect ECONNREFUSED');
    const [mine, theirs] = memoryPipe();
    this.pipe = mine;
    mine.onLine((line) => this.receive(line));
    this.run();
    return theirs;
  };

  /** As when the process is killed. */
  die(): void {
    this.up = false;
    this.freeze();
    this.pipe?.close();
  }

  /** The process hangs: the pipe stays open and nothing is sent. */
  freeze(): void {
    this.timer?.cancel();
  }

  /** Repeats the last message for ever. */
  repeat(): void {
    this.fixedLine = JSON.stringify(this.body);
  }

  /** Sends this line instead, as another version might. */
  speak(line: string): void {
    this.fixedLine = line;
  }

  /** Back to normal, or the process runs again. */
  recover(): void {
    this.up = true;
    this.mute = false;
    this.fixedLine = undefined;
    this.run();
  }

  say(line: string): void {
    this.pipe?.send(line);
  }

  happen(event: BodyEvent['event'], why?: 'battery' | 'heat'): void {
    if (event === 'paused' || event === 'resumed')
      this.body = { ...this.body, paused: event === 'paused' };
    if (event === 'pair') this.body = { ...this.body, pairing: !this.body.paused };
    if (event === 'paused') this.body = { ...this.body, pairing: false };
    const atMs = this.clock.now();
    this.say(JSON.stringify({ kind: 'event', event, atMs, ...(why ? { why } : {}) }));
  }

  change(change: Partial<Body>): void {
    this.body = { ...this.body, ...change };
  }

  last<K extends Intent['kind']>(kind: K): Extract<Intent, { kind: K }> | undefined {
    const found = this.intents.findLast((intent) => intent.kind === kind);
    return found as Extract<Intent, { kind: K }> | undefined;
  }

  private receive(line: string | undefined): void {
    const intent = Intent.parse(JSON.parse(line ?? ''));
    this.intents.push(intent);
    if (intent.kind !== 'desired') return;
    this.desired = intent.desired;
    const { camera, microphone } = intent.desired;
    this.change({ cameraOn: camera && !this.body.paused, microphoneOn: microphone });
  }

  private run(): void {
    this.timer?.cancel();
    this.timer = this.clock.every(BODY_PERIOD_MS, () => this.sendBody());
  }

  private sendBody(): void {
    if (this.mute) return;
    const atMs = this.clock.now() - this.lateMs;
    if (this.fixedLine === undefined) this.body = { ...this.body, seq: this.body.seq + 1, atMs };
    this.say(this.fixedLine ?? JSON.stringify(this.body));
  }
}

export function wellBody(atMs: number): Body {
  const axis = { deg: 0, degPerS: 0, targetDeg: 0 };
  return {
    kind: 'body',
    seq: 0,
    atMs,
    motion: 'holding',
    pan: { ...axis, minDeg: -175, maxDeg: 175 },
    tilt: { ...axis, minDeg: -25, maxDeg: 30 },
    paused: false,
    cameraOn: false,
    microphoneOn: false,
    battery: { percent: 80, charging: false, level: 'good' },
    heat: { computerC: 40, servoC: 30, level: 'good' },
    faults: [],
  };
}
