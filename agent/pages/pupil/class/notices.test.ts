import { describe, expect, it } from 'vitest';
import type { RobotState } from '../../../wire/control.ts';
import { translator } from '../../shared/i18n.ts';
import { model } from '../testing/class-model.ts';
import { dictionaries } from '../words/dictionaries.ts';
import type { ClassModel } from './model.ts';
import { noticesOf } from './notices.ts';

const say = translator(dictionaries, 'en');
const names = (given: ClassModel): string[] => noticesOf(given, say).map(({ name }) => name);
const text = (given: ClassModel): string => noticesOf(given, say)[0]?.text ?? '';

describe('what stands in the way', () => {
  it('is nothing in a lesson that goes well', () => {
    expect(noticesOf(model(), say)).toEqual([]);
  });

  it('comes worst first', () => {
    const problems: RobotState['problems'] = ['hot', 'batteryLow', 'camera', 'body'];
    const given = model({ trouble: { why: 'choppy', delayMs: 90 } }, { problems });
    expect(names(given)).toEqual(['body', 'camera', 'choppy', 'batteryLow', 'hot']);
  });

  it('tells the way that still works: to speak, else the hand, else the school', () => {
    expect(text(model({}, { problems: ['microphone'] }))).toContain(say('doSay'));
    expect(text(model({}, { problems: ['speaker'] }))).toContain(say('doHand'));
    expect(text(model({}, { problems: ['body', 'speaker'] }))).toContain(say('doSchool'));
    const listening = model({ hasMicrophone: false }, { problems: ['microphone'] });
    expect(text(listening)).toContain(say('doHand'));
  });

  it('says that the class is still heard only when it is', () => {
    const blind = { camera: 'fault', problems: ['camera'] } as const;
    expect(text(model({}, { ...blind, problems: ['camera'] }))).toContain(say('stillHear'));
    const both = noticesOf(model({}, { ...blind, problems: ['camera', 'microphone'] }), say);
    expect(both.map((fact) => fact.text).join()).not.toContain(say('stillHear'));
    const paused = model({}, { ...blind, problems: ['camera'], phase: 'paused' });
    expect(text(paused)).not.toContain(say('stillHear'));
    expect(text(model({ soundBlocked: true }, { problems: ['camera'] }))).not.toContain(
      say('stillHear'),
    );
  });

  it('asks nobody to plug in a robot that is plugged in', () => {
    const low = { problems: ['batteryLow'] satisfies RobotState['problems'], batteryPercent: 8.6 };
    const [fact] = noticesOf(model({}, low), say);
    expect(fact?.title).toContain('9 percent');
    expect(fact?.text).toBe(say('faultBatteryText'));
    expect(text(model({}, { ...low, charging: true }))).toBe(say('faultCharging'));
  });

  it('offers ways out of a bad connection that there are', () => {
    const trouble = { why: 'delay', delayMs: 4_480 } as const;
    const [fact] = noticesOf(model({ trouble }), say);
    expect(fact?.ways).toEqual(['smaller', 'reconnect']);
    expect(fact?.text).toContain('about 4 seconds');
    const [small] = noticesOf(model({ trouble }, { picture: '480p' }), say);
    expect(small?.ways).toEqual(['reconnect']);
    expect(names(model({ trouble, connection: { name: 'reconnecting', attempt: 1 } }))).toEqual([]);
  });

  it('counts in the language of the page', () => {
    const late = (delayMs: number, language: 'nl' | 'sv' | 'en') =>
      noticesOf(
        model({ trouble: { why: 'delay', delayMs } }),
        translator(dictionaries, language),
      )[0]?.text ?? '';
    expect(late(1_020, 'en')).toContain('about 1 second between');
    expect(late(1_020, 'sv')).toContain('ungefär 1 sekund mellan');
    expect(late(1_480, 'nl')).toContain('ongeveer 1,5 seconden');
    expect(late(90, 'en')).toContain('0.5 seconds');
  });
});
