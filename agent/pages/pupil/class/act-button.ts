import type { Clock } from '../../../../hal/ports/clock.ts';
import { h, setText } from '../../shared/dom.ts';
import { drawIcon, type IconName, icon } from '../parts/icons.ts';

/** A big button of the class screen: drawing above, word below. */
export class ActButton {
  readonly element: HTMLButtonElement;
  private readonly drawing: SVGSVGElement;
  private readonly label: HTMLSpanElement;

  constructor(id: string, picture: IconName, text: string, act?: () => void) {
    this.drawing = icon(picture);
    this.label = h('span', { class: 'act-label' }, text);
    this.element = h('button', { id, type: 'button', class: 'act' }, this.drawing, this.label);
    if (act) this.element.addEventListener('click', act);
  }

  show(picture: IconName, text: string): void {
    drawIcon(this.drawing, picture);
    setText(this.label, text);
  }
}

const HOLD_MS = 650;

/**
 * A short press does one thing, a long one another. The click that ends a long press is swallowed;
 * so is the menu that touch screens open.
 */
export function onLongPress(button: HTMLElement, clock: Clock, act: () => void): void {
  let waiting: { cancel(): void } | undefined;
  let held = false;
  const end = (): void => {
    waiting?.cancel();
    waiting = undefined;
    button.classList.remove('holding');
  };
  button.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    held = false;
    button.classList.add('holding');
    waiting = clock.after(HOLD_MS, () => {
      held = true;
      end();
      act();
    });
  });
  for (const kind of ['pointerup', 'pointerleave', 'pointercancel']) {
    button.addEventListener(kind, end);
  }
  button.addEventListener('contextmenu', (event) => event.preventDefault());
  button.addEventListener(
    'click',
    (event) => {
      if (held) event.stopImmediatePropagation();
      held = false;
    },
    { capture: true },
  );
}
