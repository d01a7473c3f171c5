import { h } from '../../shared/dom.ts';

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
