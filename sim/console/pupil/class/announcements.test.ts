import { describe, expect, it } from 'vitest';
import { Problem, type RobotState } from '../../../../agent/wire/control.ts';
import { translator } from '../../shared/i18n.ts';
import { dictionaries } from '../words/dictionaries.ts';
import { announcements } from './announcements.ts';
import type { ClassModel } from './model.ts';
import { model } from './testing/model.ts';

const say = translator(dictionaries, 'en');
const told = (before: ClassModel, after: ClassModel): string[] =>
  announcements(before, after, say).map(({ text }) => text);
const faulty = (...problems: RobotState['problems']): ClassModel => model({}, { problems });

describe('announcements', () => {
  it('say what changed, and nothing about what did not', () => {
    expect(told(model(), model({}, { volume: 0.9 }))).toEqual([]);
    expect(told(model(), model({}, { hand: 'acknowledged' }))).toEqual([say('saidHandSeen')]);
    expect(told(model(), model({}, { phase: 'paused' }))).toEqual([say('saidRobotPaused')]);
    expect(told(model({}, { phase: 'paused' }), model())).toEqual([say('saidResumed')]);
    expect(told(model({ robot: undefined }), model({}, { hand: 'up' }))).toEqual([]);
    expect(told(model(), model({}, { voice: 'whisper' }))).toEqual([say('saidWhisper')]);
  });

  it('tell that the hand was seen, and when it can be raised again', () => {
    const seen = model({}, { hand: 'acknowledged' });
    expect(told(model(), seen)).toEqual([say('saidHandSeen')]);
    expect(told(seen, model())).toEqual([say('saidHandReady')]);
    expect(told(seen, model({}, { hand: 'up' }))).toEqual([say('saidHandUp')]);
  });

  it.each(['body', 'teacherButton'] as const)(
    'tell that nothing is seen or heard for want of %s, and when it is over',
    (problem) => {
      const closed = model({}, { phase: 'waking', problems: [problem] });
      expect(told(model(), closed)).toEqual([say('saidClosed')]);
      expect(told(closed, model())[0]).toBe(say('saidResumed'));
    },
  );

  it('tell a lost connection once, and its return', () => {
    const lost = (attempt: number) => model({ connection: { name: 'reconnecting', attempt } });
    expect(told(model(), lost(1))).toEqual([say('saidLost')]);
    expect(told(lost(1), lost(2))).toEqual([]);
    expect(told(lost(2), model())).toEqual([say('saidBack')]);
  });

  it.each(Problem.options)('tell of the fault %s once, in words, when it comes', (problem) => {
    const [said, ...more] = told(model(), faulty(problem));
    expect(said?.length).toBeGreaterThan(20);
    expect(more).toEqual([]);
    expect(told(faulty(problem), faulty(problem))).toEqual([]);
    expect(told(model({ robot: undefined }), faulty(problem))).toEqual([said]);
  });

  it('interrupt for what cuts the pupil off, and tell when it is over', () => {
    const [said] = announcements(model(), faulty('speaker'), say);
    expect(said?.urgent).toBe(true);
    expect(said?.text).toContain('The class does not hear you.');
    expect(announcements(model(), faulty('hot'), say)[0]?.urgent).toBe(false);
    expect(told(faulty('speaker', 'camera'), faulty('camera'))).toEqual([say('overSpeaker')]);
  });

  it('tell a late connection once, whatever the seconds are by then', () => {
    const late = (delayMs: number) => model({ trouble: { why: 'delay', delayMs } });
    expect(told(model(), late(4_500))).toHaveLength(1);
    expect(told(late(4_500), late(6_500))).toEqual([]);
    expect(told(late(6_500), model())).toEqual([say('overQuality')]);
  });

  it("tell of the pupil's own microphone and of sound that the browser holds back", () => {
    const lost = model({ hasMicrophone: false, microphoneLost: true });
    expect(told(model(), lost)[0]).toContain('Your microphone is gone.');
    expect(told(model(), model({ soundBlocked: true }))[0]).toContain('holds the sound back');
  });
});
