import { h } from '../../shared/dom.ts';
import type { Screen, TravelStep } from '../flow/screens.ts';
import { button, frame, heading } from '../parts/frame.ts';
import { icon } from '../parts/icons.ts';
import type { ScreenContext } from '../parts/services.ts';

const STEPS: readonly TravelStep[] = ['reaching', 'knocking', 'joining'];
const WORDS = {
  reaching: 'stepReaching',
  knocking: 'stepKnocking',
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
