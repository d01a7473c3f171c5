import { h } from '../../shared/dom.ts';

const GAP_PX = 10;

/**
 * A native popover that opens beside its button: the browser closes it by Esc or a press elsewhere
 * and gives the focus back. Only its place is ours.
 */
export function popover(
  id: string,
  opener: HTMLElement,
  label: string,
  signal: AbortSignal,
  ...content: Node[]
): HTMLElement {
  const element = h('div', {
    id,
    class: 'popover',
    popover: 'auto',
    role: 'dialog',
    'aria-label': label,
  });
  element.append(...content);
  opener.setAttribute('popovertarget', id);
  opener.setAttribute('aria-haspopup', 'dialog');
  element.addEventListener('toggle', (event) => {
    if (!(event instanceof ToggleEvent) || event.newState !== 'open') return;
    placeBeside(element, opener);
    element.querySelector<HTMLElement>('input:checked, input, button')?.focus();
  });
  const again = (): void => {
    if (element.matches(':popover-open')) placeBeside(element, opener);
  };
  window.addEventListener('resize', again, { signal });
  return element;
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
