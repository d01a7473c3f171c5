import { h, setText } from '../../shared/dom.ts';
import type { ScreenContext } from '../parts/services.ts';
import type { ClassModel, Part } from './model.ts';
import { statusWords } from './state-words.ts';

/** Where we are, in two words, with a mark whose shape tells the same as its colour. */
export function statusPill({ say }: ScreenContext): Part {
  const words = h('span', {});
  const element = h('div', { id: 'status', class: 'pill status' });
  element.append(h('span', { class: 'status-mark', 'aria-hidden': 'true' }), words);
  return {
    element,
    update(model: ClassModel): void {
      const status = statusWords(model);
      element.dataset.tone = status.tone;
      element.dataset.connection = model.connection.name;
      setText(words, say(status.key));
    },
  };
}
