import type { Command, LookMessage } from '../../agent/wire/control.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import { CHUNK_SAMPLES, SAMPLE_RATE_HZ, type VideoFrame } from '../../hal/ports/media.ts';
import type { FakePath } from './fake-path.ts';

/** What the pupil noted of a picture; the picture itself is not kept. */
interface SeenFrame {
  readonly width: number;
  readonly height: number;
  readonly capturedAtMs: number;
  readonly arrivedAtMs: number;
  /** Mean of the Y plane, 16 (black) to 235. */
  readonly luma: number;
}

interface HeardChunk {
  readonly arrivedAtMs: number;
  /** 0..1 of full scale. */
  readonly rms: number;
}

/** The robot's end, as the pupil's traffic reaches it. */
interface RobotEnd {
  message(channel: 'look' | 'control', text: string | undefined, bytes: number): void;
  voice(samples: Int16Array): void;
}

/** A long scenario keeps the newest of each kind. */
const KEEP = 2_000;
const TONE_HZ = 300;

/** A pupil's end of a fake connection: what a browser would do, without one. */
export class FakePupil {
  readonly frames: SeenFrame[] = [];
  readonly sounds: HeardChunk[] = [];
  /** Control messages from the robot, parsed, in order. */
  readonly messages: unknown[] = [];
  private talking: Timer | undefined;
  private seq = 0;

  constructor(
    private readonly clock: Clock,
    private readonly up: FakePath,
    private readonly robot: RobotEnd,
    /** Looks like an SDP and says only whose it is. */
    readonly offerSdp: string,
    private readonly onAnswer: (answerSdp: string) => void,
  ) {}

  /** The robot's answer arrived: the connection is made now. */
  accept(answerSdp: string): void {
    this.onAnswer(answerSdp);
  }

  /** Sends a command with the next sequence number. */
  command(command: WithoutSeq<Command>): void {
    this.sendText('control', JSON.stringify({ ...command, seq: this.seq++ }));
  }

  look(message: WithoutSeq<LookMessage>): void {
    this.sendText('look', JSON.stringify({ ...message, seq: this.seq++ }));
  }

  /** Any text, as a broken or hostile client sends it. */
  sendText(channel: 'look' | 'control', text: string): void {
    const bytes = Buffer.byteLength(text);
    this.sendVia(channel, bytes, () => this.robot.message(channel, text, bytes));
  }

  sendBinary(channel: 'look' | 'control', bytes: number): void {
    this.sendVia(channel, bytes, () => this.robot.message(channel, undefined, bytes));
  }

  /** Speaks a tone of this loudness (0..1 peak), a chunk each 10 ms, until `hush`. */
  talk(level: number): void {
    this.hush();
    const chunk = tone(level);
    this.talking = this.clock.every(10, () =>
      this.up.lossy(120, () => this.robot.voice(chunk.slice())),
    );
  }

  hush(): void {
    this.talking?.cancel();
    this.talking = undefined;
  }

  /** The newest message of a kind, for `expect`. */
  newest(kind: string): unknown {
    return this.messages.findLast(
      (message) => message instanceof Object && 'kind' in message && message.kind === kind,
    );
  }

  /** From here on: what the robot's traffic does at this end. */
  see(frame: SeenFrame): void {
    keepNewest(this.frames, { ...frame, arrivedAtMs: this.clock.now() });
  }

  hear(rms: number): void {
    keepNewest(this.sounds, { arrivedAtMs: this.clock.now(), rms });
  }

  receive(text: string): void {
    keepNewest(this.messages, JSON.parse(text));
  }

  private sendVia(channel: 'look' | 'control', bytes: number, deliver: () => void): void {
    if (channel === 'look') this.up.lossy(bytes, deliver);
    else this.up.reliable(deliver);
  }
}

/** A message without its number, each kind of a union by itself. */
type WithoutSeq<T> = T extends unknown ? Omit<T, 'seq'> : never;

/** Mean brightness from one pixel in 97: enough to tell black from a picture. */
export function lumaOf({ data, width, height }: VideoFrame): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < width * height; i += 97) {
    sum += data[i] ?? 0;
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
}

export function rmsOf(samples: Int16Array): number {
  const power = samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0);
  return Math.sqrt(power / Math.max(1, samples.length));
}

/** Whole periods a chunk, so that chunks join without a click. */
function tone(level: number): Int16Array {
  return Int16Array.from({ length: CHUNK_SAMPLES }, (_, i) =>
    Math.round(32_767 * level * Math.sin((2 * Math.PI * TONE_HZ * i) / SAMPLE_RATE_HZ)),
  );
}

function keepNewest<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > KEEP) list.splice(0, list.length - KEEP);
}
