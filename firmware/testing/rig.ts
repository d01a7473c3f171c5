import type { Board } from '../../hal/boards/board.ts';
import type { Calibration } from '../../hal/boards/calibration.ts';
import { deskmate1 } from '../../hal/boards/deskmate1.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import { type Log, silentLog } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { type Supervisor, unsupervised } from '../../hal/ports/supervisor.ts';
import { SimClock } from '../../sim/time/sim-clock.ts';
import { Firmware } from '../firmware.ts';
import { memoryPipe, type Pipe } from '../link/pipe.ts';
import {
  type Body,
  BodyMessage,
  type DesiredState,
  type Intent,
  NOTHING_DESIRED,
} from '../link/schema.ts';
import { FakeBody, fakeCalibration } from './fake-body.ts';

export const HERE: DesiredState = {
  ...NOTHING_DESIRED,
  presence: 'here',
  camera: true,
  microphone: true,
  amplifier: true,
};

type WithoutSeq<T> = T extends unknown ? Omit<T, 'seq'> : never;

/** Simulated time as tests drive it. */
type DrivenClock = Clock & Pick<SimClock, 'advance'>;

interface RigOptions {
  readonly clock?: DrivenClock;
  readonly calibration?: Calibration | undefined;
  readonly board?: Board;
  readonly log?: Log;
  readonly memory?: Storage;
  readonly supervisor?: Supervisor;
}

/** An agent that sends what a test wants, as the real one would. */
export class TestAgent {
  readonly messages: BodyMessage[] = [];
  desired: DesiredState = HERE;
  private pipe: Pipe | undefined;
  private seq = 0;
  private beats: { cancel(): void } | undefined;

  constructor(
    readonly firmware: Firmware,
    readonly clock: DrivenClock,
  ) {}

  /** A new agent connects and repeats `desired` each 50 ms until `fallSilent`. */
  connect(desired: DesiredState = HERE): void {
    const [ours, theirs] = memoryPipe();
    this.firmware.attach(theirs);
    this.pipe = ours;
    ours.onLine((line) => this.messages.push(BodyMessage.parse(JSON.parse(line ?? ''))));
    this.setDesired(desired);
    this.beats?.cancel();
    this.beats = this.clock.every(50, () => this.send({ kind: 'desired', desired: this.desired }));
  }

  setDesired(change: Partial<DesiredState>): void {
    this.desired = { ...this.desired, ...change };
    this.send({ kind: 'desired', desired: this.desired });
  }

  send(intent: WithoutSeq<Intent>): void {
    this.sendLine(JSON.stringify({ ...intent, seq: this.seq++ }));
  }

  sendLine(line: string): void {
    this.pipe?.send(line);
  }

  /** The agent hangs: its connection stays open, it sends nothing more. */
  fallSilent(): void {
    this.beats?.cancel();
  }

  get last(): Body {
    const body = this.messages.findLast((message) => message.kind === 'body');
    if (body?.kind !== 'body') throw new Error('no `body` yet');
    return body;
  }

  get refusals(): string[] {
    return this.messages.flatMap((message) => (message.kind === 'refused' ? [message.reason] : []));
  }

  get events(): string[] {
    return this.messages.flatMap((message) => (message.kind === 'event' ? [message.event] : []));
  }
}

/** Firmware on a fake body, and its agent. */
export class Rig extends TestAgent {
  readonly body: FakeBody;

  constructor(options: RigOptions = {}) {
    const clock = options.clock ?? new SimClock();
    const body = new FakeBody(clock);
    const firmware = new Firmware({
      hardware: body,
      board: options.board ?? deskmate1,
      calibration: 'calibration' in options ? options.calibration : fakeCalibration,
      clock,
      log: options.log ?? silentLog,
      memory: options.memory,
      supervisor: options.supervisor ?? unsupervised,
    });
    super(firmware, clock);
    this.body = body;
  }

  /** Starts firmware and waits until the encoders are valid. */
  async start(): Promise<void> {
    await this.firmware.start();
    await this.clock.advance(300);
  }

  /** Awake and looking ahead, at standstill, and both axes have followed. */
  async awake(): Promise<void> {
    await this.start();
    this.connect();
    await this.clock.advance(1_500);
    this.send({ kind: 'look', pan: 8 });
    await this.clock.advance(800);
    this.send({ kind: 'look', pan: 0 });
    await this.clock.advance(800);
  }
}

export async function awakeRig(options?: RigOptions): Promise<Rig> {
  const robot = new Rig(options);
  await robot.awake();
  return robot;
}
