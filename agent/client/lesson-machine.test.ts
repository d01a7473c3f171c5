import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  firstStep,
  type LessonEvent,
  type LessonState,
  type LessonStep,
  stepLesson,
} from './lesson-machine.ts';

const event: fc.Arbitrary<LessonEvent> = fc.oneof(
  fc.constantFrom<LessonEvent>(
    { name: 'entered' },
    { name: 'lost', mendable: false },
    { name: 'lost', mendable: true },
    { name: 'shaken', fresh: true },
    { name: 'cut' },
    { name: 'mended' },
    { name: 'unmended', gone: true },
    { name: 'unmended', gone: false },
    { name: 'again' },
    { name: 'left' },
    { name: 'ended', why: 'takenOver' },
  ),
  fc
    .constantFrom('noAnswer', 'inUse', 'tooMany', 'staleChallenge', 'unknownDevice', 'failed')
    .map((reason): LessonEvent => ({ name: 'failed', reason: reason as 'failed' })),
);

const doing = ({ effects }: LessonStep): string[] => effects.map((effect) => effect.do);

test('walks: one try at a time, a timer while waiting, nothing after the end', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let state: LessonState = firstStep.state;
      let nowMs = 0;
      for (const one of events) {
        nowMs += 700;
        const step = stepLesson(state, one, nowMs);
        const did = doing(step);
        if (state.name === 'over') expect(step).toEqual({ state, effects: [] });
        // A try begins only on leaving `waiting`, and the last call is dropped before any wait.
        if (did.includes('enter')) expect(state.name).toBe('waiting');
        if (step.state.name === 'waiting' && state.name !== 'waiting')
          expect(did).toEqual([...(one.name === 'cut' ? ['dropLine'] : []), 'hangUp', 'wait']);
        expect(did.includes('close')).toBe(step.state.name === 'over' && state.name !== 'over');
        state = step.state;
      }
    }),
  );
});

test('a call is mended before another is made; the time of the loss counts from the first word', () => {
  const inClass: LessonState = { name: 'inClass' };
  const lost = stepLesson(inClass, { name: 'lost', mendable: true }, 5_000);
  expect(lost.state).toEqual({ name: 'mending', lostAtMs: 5_000 });
  expect(doing(lost)).toEqual(['mend', 'giveUpMending']);
  expect(stepLesson(lost.state, { name: 'mended' }, 6_000).state).toEqual(inClass);
  for (const event of [
    { name: 'unmended', gone: false },
    { name: 'lost', mendable: false },
  ] as const)
    expect(stepLesson(lost.state, event, 9_000).state).toMatchObject({
      name: 'waiting',
      lostAtMs: 5_000,
    });
  const shaken = stepLesson(inClass, { name: 'shaken', fresh: true }, 5_000);
  expect(shaken).toEqual({ state: inClass, effects: [{ do: 'mend', fresh: true }] });
  expect(stepLesson(inClass, { name: 'unmended', gone: false }, 6_000).state).toEqual(inClass);
  expect(stepLesson(inClass, { name: 'unmended', gone: true }, 6_000).state.name).toBe('waiting');
});

test('a way that was cut: a new call at once, and the loss counts from when it was first known', () => {
  const cut = stepLesson({ name: 'inClass' }, { name: 'cut' }, 5_000);
  expect(cut.state).toEqual({ name: 'waiting', attempt: 1, lostAtMs: 5_000 });
  expect(cut.effects.at(-1)).toEqual({ do: 'wait', ms: 0 });
  const mending: LessonState = { name: 'mending', lostAtMs: 3_000 };
  expect(stepLesson(mending, { name: 'cut' }, 5_000).state).toMatchObject({ lostAtMs: 3_000 });
});

const run = (events: LessonEvent[], everyMs = 1_000): LessonState => {
  let state: LessonState = firstStep.state;
  events.forEach((one, index) => {
    state = stepLesson(state, one, index * everyMs).state;
  });
  return state;
};
const failed = (reason: 'noAnswer' | 'tooMany' | 'notAvailable' | 'failed'): LessonEvent => ({
  name: 'failed',
  reason,
});
const again: LessonEvent = { name: 'again' };

test('who was never in class hears why at once, save for what passes by itself', () => {
  expect(run([failed('noAnswer')])).toEqual({
    name: 'over',
    outcome: { name: 'refused', reason: 'noAnswer' },
  });
  expect(run([failed('tooMany'), again, failed('tooMany'), again]).name).toBe('entering');
  const often = Array.from({ length: 4 }, () => [failed('tooMany'), again]).flat();
  expect(run(often)).toMatchObject({ outcome: { reason: 'tooMany' } });
  // A call that did not open is tried once more, and no more.
  expect(run([failed('failed'), again]).name).toBe('entering');
  expect(run([failed('failed'), again, failed('failed')])).toMatchObject({
    outcome: { name: 'refused', reason: 'failed' },
  });
});

test('who was in class is brought back for five minutes, with longer and longer waits', () => {
  let state = run([{ name: 'entered' }, { name: 'lost', mendable: false }]);
  const waits: number[] = [];
  for (let nowMs = 1_000; state.name !== 'over'; nowMs += 6_000) {
    state = stepLesson(state, again, nowMs).state;
    const step = stepLesson(state, failed('notAvailable'), nowMs);
    for (const effect of step.effects) if (effect.do === 'wait') waits.push(effect.ms);
    state = step.state;
  }
  expect(state.outcome).toEqual({ name: 'ended', why: 'lost' });
  expect(waits.slice(0, 6)).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  expect(waits.length).toBeGreaterThan(40);
});
