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

interface Choice<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly picture?: IconName;
}

interface Choices<V extends string> {
  readonly element: HTMLElement;
  show(value: V): void;
}

/** One of few, as native radio buttons in their looks: arrow keys and screen readers know them. */
export function choices<V extends string>(
  name: string,
  legend: string,
  options: readonly Choice<V>[],
  pick: (value: V) => void,
): Choices<V> {
  const inputs = options.map(({ value }) =>
    h('input', { type: 'radio', name, value, id: `${name}-${value}` }),
  );
  const row = h('div', { class: `choice-row ${name}-row` });
  for (const [index, option] of options.entries()) {
    const input = inputs[index];
    if (!input) continue;
    input.addEventListener('change', () => pick(option.value));
    const face = h('span', {}, option.picture && icon(option.picture), option.label);
    row.append(h('label', { class: 'choice' }, input, face));
  }
  return {
    element: h('fieldset', { class: 'choices-field' }, h('legend', {}, legend), row),
    show(value: V): void {
      for (const input of inputs) input.checked = input.value === value;
    },
  };
}

const GAP_PX = 10;
/** Before Chromium 114, Firefox 125 and Safari 17 there are none: then the page does what they do. */
const NATIVE = typeof HTMLElement !== 'undefined' && 'popover' in HTMLElement.prototype;

/**
 * A sheet that opens beside its button. The browser's own popover, which closes by Esc or a press
 * elsewhere and gives the focus back; where there is none, the same by hand. `data-open` tells that
 * it is open, in both.
 */
export class Popover {
  readonly element: HTMLElement;

  constructor(
    id: string,
    private readonly opener: HTMLElement,
    label: string,
    signal: AbortSignal,
    ...content: Node[]
  ) {
    this.element = h('div', { id, class: 'popover', role: 'dialog', 'aria-label': label });
    this.element.append(...content);
    opener.setAttribute('aria-haspopup', 'dialog');
    if (NATIVE) this.followBrowser();
    else this.listen(signal);
    const again = (): void => {
      if (this.isOpen) placeBeside(this.element, opener);
    };
    window.addEventListener('resize', again, { signal });
  }

  close(): void {
    if (NATIVE) this.element.hidePopover();
    else this.toggle(false);
  }

  private get isOpen(): boolean {
    return 'open' in this.element.dataset;
  }

  private followBrowser(): void {
    const { element, opener } = this;
    element.setAttribute('popover', 'auto');
    opener.setAttribute('popovertarget', element.id);
    element.addEventListener('beforetoggle', (event) =>
      this.show(event instanceof ToggleEvent && event.newState === 'open'),
    );
    element.addEventListener('toggle', () => {
      if (this.isOpen) this.begin();
    });
  }

  private listen(signal: AbortSignal): void {
    const { element, opener } = this;
    this.show(false);
    opener.setAttribute('aria-expanded', 'false');
    // After the button's own listeners: those may take the press back.
    queueMicrotask(() => opener.addEventListener('click', () => this.toggle(!this.isOpen)));
    const elsewhere = ({ target }: Event): void => {
      const within =
        target instanceof Node && (element.contains(target) || opener.contains(target));
      if (!within && this.isOpen) this.toggle(false);
    };
    document.addEventListener('pointerdown', elsewhere, { signal });
    const byKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || !this.isOpen) return;
      event.preventDefault();
      this.toggle(false);
    };
    document.addEventListener('keydown', byKey, { signal, capture: true });
  }

  private toggle(open: boolean): void {
    if (open === this.isOpen) return;
    const hadFocus = this.element.contains(document.activeElement);
    this.show(open);
    this.opener.setAttribute('aria-expanded', String(open));
    if (open) this.begin();
    else if (hadFocus) this.opener.focus();
  }

  private show(open: boolean): void {
    if (open) this.element.dataset.open = '';
    else delete this.element.dataset.open;
  }

  private begin(): void {
    placeBeside(this.element, this.opener);
    this.element.querySelector<HTMLElement>('input:checked, input, button')?.focus();
  }
}

/** Above or below the button, whichever has room, and always wholly on the screen. */
function placeBeside(element: HTMLElement, opener: HTMLElement): void {
  const at = opener.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = element;
  const left = at.left + at.width / 2 - width / 2;
  const above = at.top - GAP_PX - height;
  const below = at.bottom + GAP_PX;
  const top = above >= GAP_PX ? above : below;
  const keep = (value: number, room: number): number =>
    Math.max(GAP_PX, Math.min(value, room - GAP_PX));
  element.style.left = `${keep(left, window.innerWidth - width)}px`;
  element.style.top = `${keep(top, window.innerHeight - height)}px`;
}
