/** A modal dialog with a heading; it is gone when it closes, and the focus is where it was. */
import { type Child, h } from '../../shared/dom.ts';

export class Dialog {
  private readonly body = h('div', { class: 'dialog-body' });
  private readonly box: HTMLDialogElement;
  private readonly endings = new Set<() => void>();

  constructor(id: string, title: string) {
    const heading = h('h2', { id: `${id}-title`, tabindex: -1 }, title);
    this.box = h('dialog', { id, class: 'dialog card', 'aria-labelledby': `${id}-title` }, heading);
    this.box.append(this.body);
    this.box.addEventListener('close', () => {
      this.box.remove();
      for (const end of this.endings) end();
    });
  }

  open(...content: Child[]): void {
    this.show(...content);
    document.body.append(this.box);
    this.box.showModal();
    this.box.querySelector<HTMLElement>('h2')?.focus();
  }

  show(...content: Child[]): void {
    this.body.replaceChildren(...content.filter((child) => child !== undefined && child !== false));
  }

  close(): void {
    this.box.close();
  }

  focus(selector: string): void {
    this.box.querySelector<HTMLElement>(selector)?.focus();
  }

  onClose(end: () => void): void {
    this.endings.add(end);
  }

  get isOpen(): boolean {
    return this.box.open;
  }
}

export function button(
  { id, kind = '' }: { readonly id: string; readonly kind?: 'primary' | 'stop' | 'plain' | '' },
  label: Child,
  onPress: () => void,
): HTMLButtonElement {
  const made = h('button', { id, type: 'button', class: `button ${kind}`.trim() }, label);
  made.addEventListener('click', onPress);
  return made;
}

/** A native select with its label. */
export function choice<T extends string | number>(
  { id, label }: { readonly id: string; readonly label: string },
  options: readonly (readonly [value: T, text: string])[],
  chosen: T,
): { readonly element: HTMLElement; readonly value: () => T } {
  const select = h('select', { id, class: 'select' });
  for (const [value, text] of options) select.append(h('option', { value }, text));
  select.value = String(chosen);
  const value = (): T => options[select.selectedIndex]?.[0] ?? chosen;
  return { element: h('label', { class: 'field' }, label, select), value };
}
