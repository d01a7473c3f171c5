import { h } from '../../shared/dom.ts';
import { nextLessonWords } from '../flow/next-lesson.ts';
import { outcomeWords } from '../flow/outcome-words.ts';
import type { Outcome, Screen, TravelStep } from '../flow/screens.ts';
import { icon } from '../parts/icons.ts';
import { button, frame, heading, type ScreenContext } from '../parts/screen.ts';

const STEPS: readonly TravelStep[] = ['reaching', 'handshaking', 'joining'];
const WORDS = {
  reaching: 'stepReaching',
  handshaking: 'stepHandshake',
  joining: 'stepJoining',
} as const;
/** After this long the robot is probably asleep: say so before the pupil worries. */
const SLOW_MS = 6_000;

type Travel = Extract<Screen, { name: 'travel' }>;

/** On the way: three steps, where we are, and a way back. */
export function travelScreen(
  context: ScreenContext,
  screen: Travel,
  act: { cancel(): void },
): { element: HTMLElement; update(screen: Travel): void } {
  const { say, clock, signal } = context;
  const slow = h('p', { class: 'soft', role: 'status' });
  const timer = clock.after(SLOW_MS, () => {
    slow.textContent = say('travelSlow');
  });
  signal.addEventListener('abort', () => timer.cancel());
  const list = h('ol', { class: 'steps', id: 'steps' });
  const update = ({ step }: Travel): void => list.replaceChildren(...steps(context, step));
  update(screen);
  const element = frame(
    context,
    'robot',
    heading(say('travelTitle')),
    list,
    slow,
    h('div', { class: 'row' }, button('cancel', say('cancel'), 'usual', act.cancel)),
  );
  return { element, update };
}

function steps({ say }: ScreenContext, now: TravelStep): HTMLElement[] {
  const reached = STEPS.indexOf(now);
  return STEPS.map((step, index) => {
    const done = index < reached;
    const current = index === reached;
    const state = done ? say('stepDone') : current ? say('stepNow') : '';
    const mark = h('span', { class: 'step-mark', 'aria-hidden': 'true' }, done && icon('check'));
    return h(
      'li',
      { class: done ? 'done' : current ? 'now' : 'later', 'aria-current': current && 'step' },
      mark,
      h('span', {}, say(WORDS[step])),
      h('span', { class: 'visually-hidden' }, state && ` (${state})`),
    );
  });
}

/** After class, or when it did not come to class: what happened and what to do. */
export function overScreen(
  context: ScreenContext,
  outcome: Outcome,
  act: { again(): void; toStart(): void },
): HTMLElement {
  const { say } = context;
  const words = outcomeWords(outcome);
  const left = outcome.kind === 'ended' && outcome.why === 'hangUp';
  const calm = left || isLessonless(outcome);
  const way = outcome.kind === 'otherTab' ? 'tabContinue' : left ? 'go' : 'again';
  const again = words.again && button('again', say(way), 'primary', act.again);
  return frame(
    context,
    calm ? 'robot' : 'attention',
    heading(say(words.title)),
    h('p', { id: 'outcome' }, say(words.text)),
    ...nextLessonNote(context, outcome),
    h('div', { class: 'row' }, again, button('to-start', say('toStart'), 'usual', act.toStart)),
  );
}

/** What a timetable decided; nothing is wrong. */
function isLessonless(outcome: Outcome): boolean {
  if (outcome.kind === 'ended') return outcome.why === 'lessonOver';
  return outcome.kind === 'refused' && outcome.reason === 'notInLesson';
}

/** When to come back, as far as the robot has said it. */
function nextLessonNote(context: ScreenContext, outcome: Outcome): HTMLElement[] {
  const { say, clock, language } = context;
  const next = 'nextLesson' in outcome ? outcome.nextLesson : undefined;
  const reader = { say, language: language.current, nowMs: clock.wall() };
  const words = next && nextLessonWords(next, reader);
  if (!words) return isLessonless(outcome) ? [h('p', { id: 'next-lesson' }, say('nextNone'))] : [];
  return [
    h('p', { id: 'next-lesson', class: 'next-lesson' }, words.next),
    ...(words.atSchool === undefined ? [] : [h('p', { class: 'soft' }, words.atSchool)]),
  ];
}
