import { describe, expect, it } from 'vitest';
import { CommandRefusal, RobotState } from '../../../../agent/wire/control.ts';
import { translator } from '../../shared/i18n.ts';
import { dictionaries } from '../words/dictionaries.ts';
import { announcements } from './announcements.ts';
import { type ClassModel, UNMEASURED } from './model.ts';
import {
  heardWords,
  poseWords,
  problemWords,
  refusedCommandKey,
  statusWords,
  veilWords,
} from './state-words.ts';

const say = translator(dictionaries, 'en');

const live: RobotState = RobotState.parse({
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

const model = (over: Partial<ClassModel> = {}, robot: Partial<RobotState> = {}): ClassModel => ({
  connection: { name: 'inClass' },
  robot: { ...live, ...robot },
  quality: UNMEASURED,
  heard: 'clear',
  hasMicrophone: true,
  soundBlocked: false,
  ...over,
});

describe('the state of the connection', () => {
  it('is told in plain words', () => {
    expect(statusWords(model())).toEqual({ key: 'inClass', tone: 'good' });
    expect(statusWords(model({}, { phase: 'paused' })).key).toBe('paused');
    expect(statusWords(model({ connection: { name: 'reconnecting', attempt: 2 } })).key).toBe(
      'reconnecting',
    );
  });
});

describe('what stands in place of the picture', () => {
  it('is nothing in a lesson', () => {
    expect(veilWords(model(), say)).toBeUndefined();
  });

  it('blacks out a paused picture', () => {
    expect(veilWords(model({}, { phase: 'paused', camera: 'on' }), say)?.why).toBe('paused');
  });

  it('says that it tries again, and how often', () => {
    const veil = veilWords(model({ connection: { name: 'reconnecting', attempt: 3 } }), say);
    expect(veil?.text).toContain('3');
  });

  it('tells a broken camera and a robot that wakes', () => {
    expect(veilWords(model({}, { camera: 'fault' }), say)?.why).toBe('noPicture');
    expect(veilWords(model({ robot: undefined }), say)?.why).toBe('waking');
  });
});

describe('does the class hear me', () => {
  it('tells verdicts apart by shape, not by words alone', () => {
    const shapes = (['silent', 'quiet', 'clear', 'loud', 'muted'] as const).map((heard) => {
      const { waves, sign } = heardWords(model({ heard }));
      return `${waves} ${sign}`;
    });
    expect(new Set(shapes).size).toBe(5);
  });

  it('never says heard when the sound does not get there', () => {
    expect(heardWords(model({}, { listenOnly: true })).key).toBe('heardListening');
    expect(heardWords(model({ hasMicrophone: false })).key).toBe('heardListening');
    expect(heardWords(model({}, { phase: 'paused' })).key).toBe('heardMuted');
    expect(heardWords(model({}, { speaker: 'fault' })).key).toBe('heardMuted');
    const lost = { connection: { name: 'reconnecting', attempt: 1 } } as const;
    expect(heardWords(model(lost)).key).toBe('heardMuted');
  });
});

describe('problems and refusals', () => {
  it('come worst first, with numbers, and the camera only once', () => {
    const problems: RobotState['problems'] = ['hot', 'batteryLow', 'camera', 'body'];
    const robot = { ...live, problems, batteryPercent: 8.6, camera: 'fault' } as const;
    const told = problemWords(robot, say);
    expect(told).toHaveLength(3);
    expect(told[0]).toBe(say('problemBody'));
    expect(told[1]).toContain('9');
  });

  it('have words for every reason, known or not', () => {
    for (const reason of CommandRefusal.options)
      expect(say(refusedCommandKey(reason))).toBeTruthy();
    expect(refusedCommandKey('toString')).toBe('refusedOther');
  });

  it('say where the head looks', () => {
    expect(poseWords(live, say)).toBe('The head looks 20 degrees to the left, level.');
  });
});

describe('announcements', () => {
  it('say what changed, and nothing about what did not', () => {
    expect(announcements(model(), model({}, { volume: 0.9 }))).toEqual([]);
    expect(announcements(model(), model({}, { hand: 'acknowledged' }))).toEqual(['saidHandSeen']);
    expect(announcements(model(), model({}, { phase: 'paused' }))).toEqual(['saidRobotPaused']);
    expect(announcements(model({}, { phase: 'paused' }), model())).toEqual(['saidResumed']);
    expect(announcements(model({ robot: undefined }), model({}, { hand: 'up' }))).toEqual([]);
  });

  it('tell a lost connection once, and its return', () => {
    const lost = (attempt: number) => model({ connection: { name: 'reconnecting', attempt } });
    expect(announcements(model(), lost(1))).toEqual(['saidLost']);
    expect(announcements(lost(1), lost(2))).toEqual([]);
    expect(announcements(lost(2), model())).toEqual(['saidBack']);
  });
});
