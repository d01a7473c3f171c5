/** A lesson in which all is well, and changes to it, for the tests of the class screen's words. */
import type { Quality } from '../../../client/api.ts';
import { RobotState } from '../../../wire/control.ts';
import { type ClassModel, UNMEASURED } from '../class/model.ts';

export const live: RobotState = RobotState.parse({
  kind: 'state',
  seq: 1,
  phase: 'live',
  pan: { deg: 20.4, targetDeg: 20, minDeg: -175, maxDeg: 175 },
  tilt: { deg: 0, targetDeg: 0, minDeg: -25, maxDeg: 30 },
  motion: 'holding',
  hand: 'down',
  mood: 'neutral',
  listenOnly: false,
  voice: 'normal',
  volume: 0.5,
  picture: '720p',
  presets: {
    board: { pan: 0, tilt: 0 },
    teacher: { pan: 0, tilt: 0 },
    class: { pan: 0, tilt: 0 },
  },
  batteryPercent: 80,
  charging: false,
  camera: 'on',
  microphone: 'on',
  speaker: 'on',
  problems: [],
});

/** Of a connection that is well. */
export const good: Quality = {
  videoLatencyMs: 84,
  roundTripMs: 23,
  lossRatio: 0.002,
  framesPerSecond: 30,
  width: 1280,
  height: 720,
  verdict: 'good',
  trouble: undefined,
};

export const model = (
  over: Partial<ClassModel> = {},
  robot: Partial<RobotState> = {},
): ClassModel => ({
  connection: { name: 'inClass' },
  robot: { ...live, ...robot },
  quality: UNMEASURED,
  heard: 'clear',
  hasMicrophone: true,
  microphoneLost: false,
  trouble: undefined,
  pictureChoice: 'auto',
  soundBlocked: false,
  pictureCame: false,
  ...over,
});
