import { h } from '../../shared/dom.ts';
import { type IconName, icon } from '../parts/icons.ts';

export interface Choice<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly picture?: IconName;
}

export interface Choices<V extends string> {
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
