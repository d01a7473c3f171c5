import type { Body, FaultCode } from '../../firmware/link/schema.ts';
import type { MediaState } from '../../hal/ports/media.ts';
import type { RobotState } from '../wire/control.ts';
import type { Choices } from './choices.ts';
import { cameraAllowed, type SessionState } from './machine.ts';

/** What the page is shown is made of this. */
export interface Shown {
  readonly session: SessionState;
  readonly choices: Choices;
  readonly presets: RobotState['presets'];
  /** Undefined while the body is lost. */
  readonly body: Body | undefined;
  readonly camera: DeviceShown;
  readonly microphone: DeviceShown;
  readonly speaker: DeviceShown;
}

export interface DeviceShown {
  readonly present: boolean;
  readonly state: MediaState;
}

const lostAxis = { deg: 0, targetDeg: 0, minDeg: 0, maxDeg: 0 };

/** The whole state for the pupil's page: a pure function of all that it shows. */
export function robotState(shown: Shown, seq: number): RobotState {
  const { body, choices, session } = shown;
  const sensing = cameraAllowed(session);
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
    speaker: deviceOf(shown.speaker, session.name === 'live' && !choices.listenOnly),
    problems: problemsOf(shown),
  };
}

/** Equal strings: nothing that a person would see has changed. The head's angle is told apart. */
export function digest(state: RobotState): string {
  return JSON.stringify({
    ...state,
    seq: 0,
    pan: { ...state.pan, deg: 0 },
    tilt: { ...state.tilt, deg: 0 },
  });
}

function phaseOf(session: SessionState): RobotState['phase'] {
  // Pages of before know no other word for "nothing is seen yet": the problem says why.
  if (session.name === 'blind') return 'waking';
  if (session.paused) return 'paused';
  return session.name === 'live' ? 'live' : 'waking';
}

function problemsOf({ body, camera, microphone, speaker }: Shown): RobotState['problems'] {
  const problems: RobotState['problems'] = [];
  if (!body) problems.push('body');
  if (body && !canPause(body.faults)) problems.push('teacherButton');
  if (body && cannotTurn(body)) problems.push('noMotion');
  if (broken(camera)) problems.push('camera');
  if (broken(microphone)) problems.push('microphone');
  if (broken(speaker)) problems.push('speaker');
  if (body && body.battery.level !== 'good') problems.push('batteryLow');
  if (body && (body.heat.level === 'hot' || body.heat.level === 'critical')) problems.push('hot');
  return problems;
}

/** A press of the teacher's would be noticed, and kept. */
export function canPause(faults: readonly string[]): boolean {
  return !faults.includes('teacherButton') && !faults.includes('pauseMemory');
}

/** While one of these lasts the head may try again by itself, and still is not well. */
const HEAD_FAULTS: ReadonlySet<string> = new Set<FaultCode>([
  'notCalibrated',
  'miscalibrated',
  'i2cBus',
  'panStall',
  'tiltStall',
  'panEncoder',
  'tiltEncoder',
  'servoDriver',
]);

function cannotTurn({ motion, faults }: Body): boolean {
  return motion === 'off' || faults.some((fault) => HEAD_FAULTS.has(fault));
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
