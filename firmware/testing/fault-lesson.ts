import type { Clock, Timer } from '../../hal/ports/clock.ts';
import { memoryPipe, type Pipe } from '../link/pipe.ts';
import {
  type Body,
  BodyMessage,
  type DesiredState,
  NOTHING_DESIRED,
  type Presence,
} from '../link/schema.ts';
import type { Permitted } from './fault-invariants.ts';

interface Scripted {
  readonly clock: Clock;
  readonly random: () => number;
  readonly attach: (pipe: Pipe) => void;
  readonly press: (pressed: boolean) => void;
  readonly permitted: Permitted;
}

const HERE: DesiredState = { ...NOTHING_DESIRED, presence: 'here', camera: true, microphone: true };
const LIVE: readonly Presence[] = ['waking', 'here', 'listening'];
const MOODS = ['neutral', 'happy', 'sad', 'confused'] as const;
/** Mean interval between actions. */
const DEED_MS = 350;
/** Duration of a press. */
const PRESS_MS = 80;

/** An agent and a teacher with typical actions, in a seeded random order. */
export class Lesson {
  last: Body | undefined;
  /** The pupil's last look, once both axes were commanded. */
  looked: { pan: number; tilt: number } | undefined;
  private desired: DesiredState = NOTHING_DESIRED;
  private readonly pipe: Pipe;
  private seq = 0;
  private beats: Timer | undefined;
  private deeds: Timer | undefined;

  constructor(private readonly parts: Scripted) {
    const [ours, theirs] = memoryPipe();
    parts.attach(theirs);
    this.pipe = ours;
    ours.onLine((line) => this.hear(BodyMessage.parse(JSON.parse(line ?? ''))));
  }

  /** The pupil connects, and the actions start. */
  begin(): void {
    this.speak();
    this.setDesired(HERE);
    this.next();
  }

  /** The actions stop. */
  calm(): void {
    this.deeds?.cancel();
  }

  /** The pupil is there, the pause is over, the head looks somewhere. */
  settle(): void {
    if (this.last?.paused) this.press();
    this.speak();
    this.setDesired(HERE);
    this.look(-50, 14);
  }

  look(pan: number, tilt: number): void {
    this.send({ kind: 'look', pan, tilt });
    this.looked = { pan, tilt };
  }

  end(): void {
    this.deeds?.cancel();
    this.beats?.cancel();
  }

  private next(): void {
    const { clock, random } = this.parts;
    this.deeds = clock.after(-Math.log(1 - random()) * DEED_MS, () => {
      this.act();
      this.next();
    });
  }

  private act(): void {
    const { random } = this.parts;
    const angle = (): number => (random() - 0.5) * 400;
    const choice = random();
    if (choice < 0.35) this.look(angle(), angle() / 4);
    else if (choice < 0.5) this.send({ kind: 'lookRate', pan: angle(), tilt: angle() });
    else if (choice < 0.6)
      this.send({ kind: 'gesture', gesture: random() < 0.5 ? 'nod' : 'shake' });
    else if (choice < 0.65) this.send({ kind: 'stop' });
    else if (choice < 0.75) this.press();
    else if (choice < 0.82) this.fallSilent(random() * 2_500);
    else if (choice < 0.88)
      this.setDesired({ ...NOTHING_DESIRED, presence: random() < 0.5 ? 'asleep' : 'lost' });
    else
      this.setDesired({
        ...HERE,
        quiet: random() < 0.5,
        mood: MOODS[Math.floor(random() * 4)] ?? 'sad',
      });
  }

  private speak(): void {
    this.beats?.cancel();
    this.beats = this.parts.clock.every(50, () => this.tell());
  }

  private fallSilent(ms: number): void {
    this.beats?.cancel();
    this.beats = this.parts.clock.after(ms, () => this.speak());
  }

  private setDesired(desired: DesiredState): void {
    this.desired = desired;
    this.tell();
  }

  private tell(): void {
    const { permitted, clock } = this.parts;
    const { camera, presence } = this.desired;
    permitted.camera = camera && LIVE.includes(presence);
    permitted.wantedMs = clock.now();
    this.send({ kind: 'desired', desired: this.desired });
  }

  private press(): void {
    this.parts.press(true);
    this.parts.clock.after(PRESS_MS, () => this.parts.press(false));
  }

  private hear(message: BodyMessage): void {
    const { permitted, clock } = this.parts;
    if (message.kind === 'event') {
      if (message.event === 'paused') permitted.pausedMs = clock.now();
      if (message.event === 'paused' || message.event === 'resumed')
        permitted.paused = message.event === 'paused';
    }
    if (message.kind !== 'body') return;
    this.last = message;
    const off = message.motion === 'off' || message.motion === 'handTurned';
    permitted.offMs = off ? (permitted.offMs ?? clock.now()) : undefined;
  }

  private send(intent: object): void {
    this.pipe.send(JSON.stringify({ ...intent, seq: this.seq++ }));
  }
}
