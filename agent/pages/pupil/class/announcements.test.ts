import { describe, expect, it } from 'vitest';
import { Problem, type RobotState } from '../../../wire/control.ts';
import { translator } from '../../shared/i18n.ts';
import { model } from '../testing/class-model.ts';
import { FakeClient } from '../testing/fake-client.ts';
import { dictionaries } from '../words/dictionaries.ts';
import { announcements } from './announcements.ts';
import { type ClassModel, Follower, UNMEASURED } from './model.ts';
import { veilWords } from './state-words.ts';

const say = translator(dictionaries, 'en');
const told = (before: ClassModel, after: ClassModel): string[] =>
  announcements(before, after, say).map(({ text }) => text);
const faulty = (...problems: RobotState['problems']): ClassModel => model({}, { problems });

const LATE = { verdict: 'poor', trouble: 'delay' } as const;

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
      const why = told(model(), closed);
      expect(why).toEqual([`${say('closedTitle')}. ${veilWords(closed, say)?.text}`]);
      expect(veilWords(closed, say)?.text).not.toMatch(/^Until/);
      // It was a banner before it closed all: that is not over.
      expect(told(faulty(problem), closed)).toEqual(why);
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
    // And that it is over.
    expect(told(faulty(problem), model())).toHaveLength(1);
  });

  it('interrupt for what cuts the pupil off, and tell when it is over', () => {
    const [said] = announcements(model(), faulty('speaker'), say);
    expect(said?.urgent).toBe(true);
    expect(said?.text).toContain('The class does not hear you.');
    expect(announcements(model(), faulty('hot'), say)[0]?.urgent).toBe(false);
    expect(told(faulty('speaker', 'camera'), faulty('camera'))).toEqual([say('overSpeaker')]);
  });

  it('tell that the robot wakes, and when a picture is there', () => {
    const waking = model({}, { phase: 'waking', camera: 'off' });
    const seen = model({ pictureCame: true });
    const none = model({ robot: undefined });
    expect(told(none, waking)).toEqual([`${say('waking')}. ${say('wakingText')}`]);
    expect(told(waking, model())).toEqual([]);
    expect(told(model(), seen)).toEqual([say('saidPicture')]);
    // Frames and the word of the robot come in any order.
    expect(told(none, model({ robot: undefined, pictureCame: true }))).toEqual([]);
    expect(told(model({ robot: undefined, pictureCame: true }), seen)).toEqual([
      say('saidPicture'),
    ]);
    expect(told(model({ pictureCame: true }, { phase: 'waking' }), seen)).toEqual([
      say('saidPicture'),
    ]);
    // After a pause or without a camera there are other words.
    expect(told(model({ pictureCame: true }, { phase: 'paused' }), seen)).toEqual([
      say('saidResumed'),
    ]);
    expect(told(model(), model({ pictureCame: true }, { camera: 'fault' }))).toEqual([]);
  });

  it('tell a late connection once, whatever the seconds are by then', () => {
    const late = (delayMs: number) => model({ trouble: { why: 'delay', delayMs } });
    expect(told(model(), late(4_500))).toHaveLength(1);
    expect(told(late(4_500), late(6_500))).toEqual([]);
    expect(told(late(6_500), model())).toEqual([say('overQuality')]);
  });

  it('do not call a late connection better when it is lost', () => {
    const client = new FakeClient();
    const said: string[] = [];
    let before = model();
    const follower = new Follower(client, (now) => {
      said.push(...told(before, now));
      before = now;
    });
    client.connect({ name: 'inClass' });
    client.change({});
    before = follower.model;
    for (let n = 0; n < 3; n += 1)
      client.emit('quality', { ...UNMEASURED, roundTripMs: 4_500, ...LATE });
    said.length = 0;
    client.connect({ name: 'reconnecting', attempt: 1 });
    expect(said).toEqual([say('saidLost')]);
    expect(follower.model.trouble).toBeUndefined();
  });

  it("tell of the pupil's own microphone and of sound that the browser holds back", () => {
    const lost = model({ hasMicrophone: false, microphoneLost: true });
    expect(told(model(), lost)[0]).toContain('Your microphone is gone.');
    expect(told(model(), model({ soundBlocked: true }))[0]).toContain('holds the sound back');
  });
});
