import { type Body, HEAD_FAULTS } from '../../firmware/link/schema.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { MediaState } from '../../hal/ports/media.ts';
import { may } from '../admission/admit.ts';
import { bodyFacts } from '../admission/facts.ts';
import { inClass } from '../model/session-phase.ts';
import type { RobotMessage, RobotState } from '../wire/control.ts';
import type { Choices } from './choices.ts';
import { lessonFacts, type SessionState } from './session-machine.ts';

/** The inputs of the published state. */
export interface Shown {
  readonly session: SessionState;
  readonly choices: Choices;
  readonly presets: RobotState['presets'];
  /** Undefined while the body is silent. */
  readonly body: Body | undefined;
  readonly camera: DeviceShown;
  readonly microphone: DeviceShown;
  readonly speaker: DeviceShown;
}

interface DeviceShown {
  readonly present: boolean;
  readonly state: MediaState;
}

const lostAxis = { deg: 0, targetDeg: 0, minDeg: 0, maxDeg: 0 };

/** Interval at which the angle of a moving head is sent. */
const MOVING_MS = 100;
/** Smaller changes are encoder noise, not motion. Degrees. */
const STILL_DEG = 0.25;

/** Sends the whole state to the pupil's page: at each change, and at 10 Hz while the head moves. */
export class StatePublisher {
  private seq = 0;
  private last: { digest: string; pan: number; tilt: number; atMs: number } | undefined;

  constructor(
    private readonly clock: Clock,
    /** Sends on the pupil's present connection. */
    private readonly send: (message: RobotMessage) => void,
  ) {}

  /** Call after anything that may have changed the state; cheap if nothing has. */
  publish(shown: Shown): void {
    if (!inClass(shown.session.name)) return;
    const state = robotState(shown, this.seq);
    const now = this.clock.now();
    const summary = digest(state);
    const last = this.last;
    if (last?.digest === summary && (!moved(state, last) || now - last.atMs < MOVING_MS)) return;
    this.last = { digest: summary, pan: state.pan.deg, tilt: state.tilt.deg, atMs: now };
    this.seq += 1;
    this.send(state);
  }

  /** Forces the next publication, for a page that has just connected. */
  forget(): void {
    this.last = undefined;
  }
}

/** The whole state for the pupil's page: a pure function. */
export function robotState(shown: Shown, seq: number): RobotState {
  const { body, choices, session } = shown;
  const facts = { ...lessonFacts(session), listenOnly: choices.listenOnly };
  const sensing = may('sensing', facts);
  return {
    kind: 'state',
    seq,
    phase: phaseOf(session),
    pan: body ? axis(body.pan) : lostAxis,
    tilt: body ? axis(body.tilt) : lostAxis,
    motion: body?.motion ?? 'off',
    ...choices,
    presets: shown.presets,
    batteryPercent: Math.round(body?.battery.percent ?? 0),
    charging: body?.battery.charging ?? false,
    camera: deviceOf(shown.camera, sensing && (body?.cameraOn ?? true)),
    microphone: deviceOf(shown.microphone, sensing && (body?.microphoneOn ?? true)),
    speaker: deviceOf(shown.speaker, may('voice', facts)),
    problems: problemsOf(shown),
  };
}

/** Equal strings mean no visible change; the head's angle is compared separately. */
function digest(state: RobotState): string {
  return JSON.stringify({
    ...state,
    seq: 0,
    pan: { ...state.pan, deg: 0 },
    tilt: { ...state.tilt, deg: 0 },
  });
}

function phaseOf(session: SessionState): RobotState['phase'] {
  // Older pages have no phase for this; the problem code gives the reason.
  if (session.name === 'blind') return 'waking';
  if (session.paused) return 'paused';
  return session.name === 'live' ? 'live' : 'waking';
}

function problemsOf({ body, camera, microphone, speaker }: Shown): RobotState['problems'] {
  const problems: RobotState['problems'] = [];
  if (!body) problems.push('body');
  if (bodyFacts(body).body === 'noButton') problems.push('teacherButton');
  if (body && cannotTurn(body)) problems.push('noMotion');
  if (broken(camera)) problems.push('camera');
  if (broken(microphone)) problems.push('microphone');
  if (broken(speaker)) problems.push('speaker');
  if (body && body.battery.level !== 'good') problems.push('batteryLow');
  if (body && (body.heat.level === 'hot' || body.heat.level === 'critical')) problems.push('hot');
  return problems;
}

const headFaults: ReadonlySet<string> = new Set(HEAD_FAULTS);

function cannotTurn({ motion, faults }: Body): boolean {
  return motion === 'off' || faults.some((fault) => headFaults.has(fault));
}

function broken(device: DeviceShown): boolean {
  return !device.present || device.state === 'fault';
}

function deviceOf(device: DeviceShown, powered: boolean): 'on' | 'off' | 'fault' {
  if (broken(device)) return 'fault';
  return powered && device.state === 'running' ? 'on' : 'off';
}

function axis({ deg, targetDeg, minDeg, maxDeg }: Body['pan']): RobotState['pan'] {
  return { deg: tenth(deg), targetDeg: tenth(targetDeg), minDeg, maxDeg };
}

function tenth(deg: number): number {
  return Math.round(deg * 10) / 10;
}

function moved(state: RobotState, last: { pan: number; tilt: number }): boolean {
  const far = (a: number, b: number): boolean => Math.abs(a - b) >= STILL_DEG;
  return far(state.pan.deg, last.pan) || far(state.tilt.deg, last.tilt);
}
