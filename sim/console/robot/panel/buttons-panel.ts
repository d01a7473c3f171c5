import { h } from '../../../../agent/pages/shared/dom.ts';
import type { Clock } from '../../../../hal/ports/clock.ts';
import type { Look } from '../model/look.ts';
import type { Ask } from '../model/world-link.ts';
import type { ButtonName } from '../view/view.ts';
import type { PlainKey, Say } from '../words/dictionaries.ts';
import { type Press, wirePress } from './press-button.ts';

/** Firmware takes 5 s; a little more, as its clock is not ours. */
const PAIR_HOLD_MS = 5_400;
const PUSH_DEG = 40;
const PUSH_MS = 2_000;

export type Presses = Readonly<Record<ButtonName, Press>>;

/** What hands can do to the robot: its two buttons, and its head. */
export class ButtonsPanel {
  readonly element: HTMLElement;
  private readonly teacher: HTMLButtonElement;
  private readonly pair: HTMLButtonElement;

  constructor(
    private readonly say: Say,
    private readonly ask: (command: Ask) => void,
    private readonly presses: Presses,
    private readonly clock: Clock,
  ) {
    this.teacher = this.robotButton('teacher', 'teacherButton');
    this.pair = this.robotButton('pair', 'pairButton');
    this.element = h(
      'section',
      { id: 'buttons', class: 'card', 'aria-labelledby': 'buttons-title' },
      h('h2', { id: 'buttons-title' }, say('buttonsTitle')),
      this.row(this.teacher, 'teacherHint'),
      this.row(this.pair, 'pairHint'),
      this.holdButton(),
      h(
        'div',
        { class: 'pair-of-buttons' },
        this.pushButton('push-left', 'pushLeft', PUSH_DEG),
        this.pushButton('push-right', 'pushRight', -PUSH_DEG),
      ),
      h('p', { class: 'soft hint' }, say('pushHint')),
    );
  }

  /** Shown pressed when pressed on the robot, by any source. */
  show(look: Look): void {
    this.teacher.classList.toggle('held', look.teacherPressed);
    this.pair.classList.toggle('held', look.pairPressed);
  }

  private robotButton(name: ButtonName, word: PlainKey): HTMLButtonElement {
    const id = `${name}-button`;
    const button = h(
      'button',
      { type: 'button', id, class: `robot-button ${name}`, 'aria-describedby': `${id}-hint` },
      this.say(word),
    );
    wirePress(button, this.presses[name]);
    return button;
  }

  private row(button: HTMLButtonElement, hint: PlainKey): HTMLElement {
    const words = h('p', { class: 'soft', id: `${button.id}-hint` }, this.say(hint));
    return h('div', { class: 'robot-button-row' }, button, words);
  }

  /** For hands and tools that cannot hold a button down. */
  private holdButton(): HTMLButtonElement {
    const button = this.button('pair-hold', 'pairHold');
    button.addEventListener('click', () => {
      this.presses.pair.down();
      button.disabled = true;
      this.clock.after(PAIR_HOLD_MS, () => {
        this.presses.pair.up();
        button.disabled = false;
      });
    });
    return button;
  }

  private pushButton(id: string, word: PlainKey, panDeg: number): HTMLButtonElement {
    const button = this.button(id, word);
    button.addEventListener('click', () => this.ask({ kind: 'pushHead', panDeg, forMs: PUSH_MS }));
    return button;
  }

  private button(id: string, word: PlainKey): HTMLButtonElement {
    return h('button', { type: 'button', class: 'button', id }, this.say(word));
  }
}
