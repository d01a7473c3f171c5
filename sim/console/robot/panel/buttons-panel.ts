import type { Clock } from '../../../../hal/ports/clock.ts';
import { h } from '../../shared/dom.ts';
import type { ButtonName } from '../view/view.ts';
import type { PlainKey, Say } from '../words/dictionaries.ts';
import type { Ask } from '../world-link.ts';
import { wirePress } from './press-button.ts';

/** Firmware takes 5 s; a little more, as its clock is not ours. */
const PAIR_HOLD_MS = 5_400;
const PUSH_DEG = 40;
const PUSH_MS = 2_000;

/** What hands can do to the robot: its two buttons, and its head. */
export function buttonsPanel(say: Say, ask: (command: Ask) => void, clock: Clock): HTMLElement {
  const press = (name: ButtonName, pressed: boolean): void =>
    ask({ kind: 'button', name, pressed });
  const robotButton = (name: ButtonName, word: PlainKey, hint: PlainKey): HTMLElement => {
    const id = `${name}-button`;
    const button = h(
      'button',
      { type: 'button', id, class: `robot-button ${name}`, 'aria-describedby': `${id}-hint` },
      say(word),
    );
    wirePress(
      button,
      (pressed) => press(name, pressed),
      (ms, act) => clock.after(ms, act),
    );
    return h(
      'div',
      { class: 'robot-button-row' },
      button,
      h('p', { class: 'soft', id: `${id}-hint` }, say(hint)),
    );
  };
  const act = (id: string, word: PlainKey, perform: () => void): HTMLButtonElement => {
    const button = h('button', { type: 'button', class: 'button', id }, say(word));
    button.addEventListener('click', perform);
    return button;
  };
  const hold = act('pair-hold', 'pairHold', () => {
    press('pair', true);
    hold.disabled = true;
    clock.after(PAIR_HOLD_MS, () => {
      press('pair', false);
      hold.disabled = false;
    });
  });
  const push = (panDeg: number) => () => ask({ kind: 'pushHead', panDeg, forMs: PUSH_MS });
  return h(
    'section',
    { id: 'buttons', class: 'card', 'aria-labelledby': 'buttons-title' },
    h('h2', { id: 'buttons-title' }, say('buttonsTitle')),
    robotButton('teacher', 'teacherButton', 'teacherHint'),
    robotButton('pair', 'pairButton', 'pairHint'),
    hold,
    h(
      'div',
      { class: 'pair-of-buttons' },
      act('push-left', 'pushLeft', push(PUSH_DEG)),
      act('push-right', 'pushRight', push(-PUSH_DEG)),
    ),
    h('p', { class: 'soft hint' }, say('pushHint')),
  );
}
