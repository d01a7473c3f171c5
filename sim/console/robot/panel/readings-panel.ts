import { h, setText } from '../../../../agent/pages/shared/dom.ts';
import type { Say } from '../words/dictionaries.ts';
import type { Reading } from './readings.ts';

/** A list of readings. Rows are made once and then only changed where their words changed. */
export class ReadingsPanel {
  readonly element: HTMLDListElement;
  private readonly values = new Map<string, HTMLElement>();

  constructor(
    private readonly say: Say,
    id: string,
  ) {
    this.element = h('dl', { id, class: 'readings' });
  }

  show(readings: readonly Reading[]): void {
    for (const reading of readings) this.showOne(reading);
  }

  private showOne({ key, label, value, text, alarm = false }: Reading): void {
    const element = this.values.get(key) ?? this.addRow(key, this.say(label));
    setText(element, text);
    if (element.dataset.value !== value) element.dataset.value = value;
    element.classList.toggle('alarm', alarm);
  }

  private addRow(key: string, label: string): HTMLElement {
    const value = h('dd', { 'data-key': key });
    this.element.append(h('div', {}, h('dt', {}, label), value));
    this.values.set(key, value);
    return value;
  }
}
