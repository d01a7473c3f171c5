/** The steps of a lesson and what must be observed from outside the robot in each. */
import { AdminClient } from '../../../agent/access/admin-client.ts';
import { deskmate1 } from '../../../hal/boards/deskmate1.ts';
import { type Clock, delay } from '../../../hal/ports/clock.ts';
import { LINES } from '../guest/board.ts';
import type { Port } from '../guest/inside.ts';
import { slowness } from '../guest/slow-clock.ts';
import { NEAR_DEG, Observer, type ObserverParts } from './observer.ts';

interface LessonParts extends ObserverParts {
  readonly clock: Clock;
  readonly port: Port;
}

/** Processes start ten times slower than on a robot. */
const START_S = 60;
const JOIN_S = 45;
const SWITCH_S = 10;
const TURN_S = 20;
/** A press, longer than the scaled debounce. */
const PRESS_MS = 400;
/** Frames that prove live video; an emulated encoder makes a few per second. */
const FRAMES = 15;
const LOOK = { pan: 50, tilt: 12 };
/** Firmware guarantees 500 ms; the rest is latency to the wire and to this observer. */
const DARK_MS = 1_000;
/** Of softdog, and until QEMU has gone. */
const RESET_S = 40;

export class Lesson {
  private readonly observer: Observer;

  constructor(private readonly parts: LessonParts) {
    this.observer = new Observer(parts);
  }

  /** The robot's messages on the broker. */
  hearState(text: string): void {
    this.observer.hearState(text);
  }

  async whole(): Promise<void> {
    const { steps, port, robot } = this.parts;
    await steps.step('firmware and agent start: rails low, head asleep, torque off', START_S, () =>
      this.wakes(),
    );
    await steps.step('a pupil with an invitation comes to class', JOIN_S + 30, () => this.joins());
    await steps.step('camera and microphone rails go high', SWITCH_S, () => this.rails(true));
    await steps.step('pictures of the camera arrive and change', TURN_S + 20, () =>
      this.pictures(),
    );
    await steps.step('a look turns pan and tilt registers, and the head follows', TURN_S, () =>
      this.looks(),
    );
    await steps.step("the teacher's press pauses: rails go low", SWITCH_S + 5, () =>
      this.press('paused', false),
    );
    await steps.step("the teacher's press resumes: rails go high", SWITCH_S + 5, () =>
      this.press('live', true),
    );
    await steps.step('the agent is killed in a turn: head stops, camera is dark', TURN_S, () =>
      this.losesAgent(),
    );
    await steps.step('the agent comes back and the pupil is in class again', START_S + JOIN_S, () =>
      this.returns(),
    );
    await steps.step('the pupil leaves: rails off, head asleep, torque off', TURN_S + 10, () =>
      this.leaves(),
    );
    await steps.step('no pulse was outside of the calibration', 5, () => this.within());
    await delay(this.parts.clock, 500);
    port.tell({ kind: 'frozen', withinS: RESET_S });
    robot.freezeFirmware();
    await delay(this.parts.clock, 2 * RESET_S * 1000);
  }

  private async wakes(): Promise<string> {
    const there = new Set(['ready', 'sleeping']);
    await this.observer.until(START_S, 'the robot tells the broker that it is there', () =>
      there.has(this.observer.life ?? ''),
    );
    // The head goes to its rest position once an agent is connected, then torque goes off.
    await this.observer.until(SWITCH_S, 'a head at rest, torque off', () => this.observer.asleep);
    if (!this.observer.railsAre(false)) throw new Error('a rail is high');
    const { life, seen } = this.observer;
    return `${life}; rails low, torque off at tilt ${seen.tiltDeg.toFixed(1)}`;
  }

  private async joins(): Promise<string> {
    const { clock, robot, pupil } = this.parts;
    const { link } = await new AdminClient(clock, robot.admin, START_S * 1000).invite(1);
    const startMs = clock.now();
    await pupil.bind(link);
    await pupil.join();
    await this.observer.until(JOIN_S, 'the pupil is in class', () => this.observer.inClass);
    return `in class ${seconds(clock.now() - startMs)} after the invitation was opened`;
  }

  private async rails(high: boolean): Promise<string> {
    await this.observer.until(SWITCH_S, `both rails ${high ? 'high' : 'low'}`, () =>
      this.observer.railsAre(high),
    );
    return `both ${high ? 'high' : 'low'} on the wire`;
  }

  private async pictures(): Promise<string> {
    const { pupil, clock } = this.parts;
    const begin = { frames: pupil.frames, changes: pupil.changes, ms: clock.now() };
    await this.observer.until(
      TURN_S + 10,
      `${FRAMES} frames`,
      () => pupil.frames - begin.frames >= FRAMES,
    );
    const changes = pupil.changes - begin.changes;
    if (changes < FRAMES / 2) throw new Error(`the picture stands still: ${changes} changes`);
    const rate = (1000 * (pupil.frames - begin.frames)) / (clock.now() - begin.ms);
    return `${pupil.size}, ${changes} of ${FRAMES} differ, ${rate.toFixed(1)} a second`;
  }

  private async looks(): Promise<string> {
    await this.turnTo(LOOK.pan, LOOK.tilt);
    const { panUs, tiltUs, panDeg, tiltDeg } = this.observer.seen;
    return (
      `pulses ${panUs?.toFixed(0)} and ${tiltUs?.toFixed(0)} us, ` +
      `head at ${panDeg.toFixed(1)} and ${tiltDeg.toFixed(1)} degrees`
    );
  }

  private async turnTo(pan: number, tilt: number): Promise<void> {
    const { pupil } = this.parts;
    pupil.look(pan, tilt);
    await this.observer.until(TURN_S, `head at ${pan} and ${tilt} degrees`, () =>
      this.observer.headIsAt(pan, tilt),
    );
    pupil.content();
  }

  private async press(phase: 'paused' | 'live', high: boolean): Promise<string> {
    const { wires, clock, pupil } = this.parts;
    wires.pull(LINES.teacherButton, false);
    await delay(clock, PRESS_MS);
    wires.pull(LINES.teacherButton, true);
    // Do not press again before the contact has settled.
    await delay(clock, PRESS_MS);
    const rails = await this.rails(high);
    await this.observer.until(SWITCH_S, `the pupil is told: ${phase}`, () => {
      return pupil.client.state?.phase === phase;
    });
    return `${rails}, and the pupil's page is told`;
  }

  private async losesAgent(): Promise<string> {
    const { robot, clock, pupil } = this.parts;
    const from = this.observer.seen.panDeg;
    pupil.look(-deskmate1.pan.maxDeg + 15, 0);
    await this.observer.until(
      TURN_S,
      'the head turns',
      () => Math.abs(this.observer.seen.panDeg - from) > 10,
    );
    pupil.content();
    robot.killAgent();
    const startMs = clock.now();
    await this.observer.until(SWITCH_S, 'rails low', () => this.observer.railsAre(false));
    const darkMs = clock.now() - startMs;
    if (darkMs > DARK_MS * slowness()) throw new Error(`dark only after ${seconds(darkMs)}`);
    await delay(clock, 1_000);
    const stood = this.observer.seen.panDeg;
    if (stood < -deskmate1.pan.maxDeg + 15 + NEAR_DEG)
      throw new Error('the head was where it was sent before anything could stop it');
    await delay(clock, 1_000);
    // Stopping sends the head to its rest position; it does not resume its earlier goal.
    if (this.observer.seen.panDeg < stood - NEAR_DEG) throw new Error('the head turned on');
    return `dark after ${seconds(darkMs)}, head stopped at ${stood.toFixed(0)} degrees`;
  }

  private async returns(): Promise<string> {
    const { robot, clock, pupil } = this.parts;
    const startMs = clock.now();
    robot.startAgent();
    await this.observer.until(
      START_S + JOIN_S - 10,
      'the pupil is in class',
      () => this.observer.inClass && this.observer.railsAre(true),
    );
    const frames = pupil.frames;
    await this.observer.until(TURN_S, 'a new picture', () => pupil.frames > frames);
    return `after ${seconds(clock.now() - startMs)}`;
  }

  private async leaves(): Promise<string> {
    await this.parts.pupil.client.leave();
    const rails = await this.rails(false);
    await this.observer.until(TURN_S, 'a head at rest, torque off', () => this.observer.asleep);
    return `${rails}; torque off at tilt ${this.observer.seen.tiltDeg.toFixed(1)}`;
  }

  private async within(): Promise<string> {
    const { judged, outside } = this.observer.seen;
    if (outside.length > 0) throw new Error(`${outside.length} were, the first: ${outside[0]}`);
    return `${judged} pulses seen on the chip`;
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
