import { describe, expect, it } from 'vitest';
import { CommandRefusal } from '../../../wire/control.ts';
import { translator } from '../../shared/i18n.ts';
import { live, model } from '../testing/class-model.ts';
import { dictionaries } from '../words/dictionaries.ts';
import { heardWords, poseWords, refusedCommandKey, statusWords, veilWords } from './state-words.ts';

const say = translator(dictionaries, 'en');

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
    expect(veilWords(model({ pictureCame: true }), say)).toBeUndefined();
  });

  it('says that the first picture is on its way, until it is there', () => {
    expect(veilWords(model(), say)).toEqual({
      ...{ why: 'coming', title: 'stepJoining', text: 'The picture comes in a moment.' },
    });
    expect(veilWords(model({}, { camera: 'fault' }), say)?.why).toBe('noPicture');
    expect(veilWords(model({}, { phase: 'paused' }), say)?.why).toBe('paused');
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

  it('does not say that all is well to a voice that comes seconds late', () => {
    const trouble = { why: 'delay', delayMs: 4_500 } as const;
    expect(heardWords(model({ trouble }))).toEqual({
      ...{ key: 'heardLate', waves: 2, sign: 'attention' },
    });
    expect(heardWords(model({ trouble, heard: 'silent' })).key).toBe('heardSilent');
  });

  it('never says heard when the sound does not get there', () => {
    expect(heardWords(model({}, { listenOnly: true })).key).toBe('heardListening');
    expect(heardWords(model({ hasMicrophone: false })).key).toBe('heardListening');
    expect(heardWords(model({}, { phase: 'paused' })).key).toBe('heardMuted');
    expect(heardWords(model({}, { speaker: 'fault' })).key).toBe('heardMuted');
    expect(heardWords(model({}, { volume: 0 })).key).toBe('heardMuted');
    const lost = { connection: { name: 'reconnecting', attempt: 1 } } as const;
    expect(heardWords(model(lost)).key).toBe('heardMuted');
  });
});

describe('refusals and angles', () => {
  it('have words for every reason, known or not', () => {
    for (const reason of CommandRefusal.options)
      expect(say(refusedCommandKey(reason))).toBeTruthy();
    expect(refusedCommandKey('toString')).toBe('refusedOther');
  });

  it('say where the head looks', () => {
    expect(poseWords(live, say)).toBe('The head looks 20 degrees to the left, level.');
    const near = {
      ...live,
      pan: { ...live.pan, deg: -1.2 },
      tilt: { ...live.tilt, deg: 0.6 },
    };
    const told = (language: 'en' | 'nl' | 'sv') =>
      poseWords(near, translator(dictionaries, language));
    expect(told('en')).toBe('The head looks 1 degree to the right, 1 degree up.');
    expect(told('nl')).toBe('Het hoofd kijkt 1 graad naar rechts, 1 graad omhoog.');
    expect(told('sv')).toBe('Huvudet tittar 1 grad åt höger, 1 grad uppåt.');
  });
});

describe('a robot that nobody could pause', () => {
  it.each(['body', 'teacherButton'] as const)('says why nothing is seen: %s', (problem) => {
    const closed = model({}, { phase: 'waking', problems: [problem] });
    expect(veilWords(closed, say)).toMatchObject({ title: 'closedTitle' });
    expect(statusWords(closed)).toEqual({ key: 'closedTitle', tone: 'bad' });
    expect(heardWords(closed).key).toBe('heardMuted');
  });
});
