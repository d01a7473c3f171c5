import { describe, expect, it } from 'vitest';
import type { Body } from '../../firmware/link/schema.ts';
import { firstChoices } from './choices.ts';
import { atRest } from './session-machine.ts';
import { robotState, type Shown } from './state-publisher.ts';

const axis = { deg: 0, degPerS: 0, targetDeg: 0, minDeg: -90, maxDeg: 90 };
const ahead = { pan: 0, tilt: 0 };
const presets = { board: ahead, teacher: ahead, class: ahead };
const device = { present: true, state: 'running' } as const;

function shown(body: Partial<Body>): Shown {
  const whole: Body = {
    ...{ kind: 'body', seq: 0, atMs: 0, pan: axis, tilt: axis, motion: 'holding', faults: [] },
    ...{ cameraOn: true, microphoneOn: true, paused: false },
    battery: { percent: 80, charging: false, level: 'good' },
    heat: { computerC: 40, servoC: 30, level: 'good' },
    ...body,
  };
  return {
    ...{ session: atRest, choices: firstChoices, presets, body: whole },
    ...{ camera: device, microphone: device, speaker: device },
  };
}

describe('robotState', () => {
  it('reports a head that cannot turn, and its faults while they last', () => {
    expect(robotState(shown({}), 0).problems).toEqual([]);
    expect(robotState(shown({ motion: 'off' }), 0).problems).toEqual(['noMotion']);
    expect(robotState(shown({ faults: ['panStall'] }), 0).problems).toEqual(['noMotion']);
  });

  it('reports no problem for a board without a head', () => {
    expect(robotState(shown({ motion: 'absent' }), 0)).toMatchObject({
      motion: 'absent',
      problems: [],
    });
  });

  it('without firmware reports only that, not faults of its parts', () => {
    expect(robotState({ ...shown({}), body: undefined }, 0).problems).toEqual(['body']);
  });
});
