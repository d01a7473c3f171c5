import { h, setText } from '../../shared/dom.ts';
import { icon } from '../icons.ts';
import type { ScreenContext } from '../services.ts';
import type { ClassModel, Part } from './model.ts';
import { problemWords, statusWords } from './state-words.ts';

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

/** What does not work on the robot, as long as it does not. */
export function problemList({ say }: ScreenContext): Part {
  const element = h('ul', { id: 'problems', class: 'problems', hidden: true });
  let shown = '';
  return {
    element,
    update(model: ClassModel): void {
      const problems = problemWords(model.robot, say);
      const now = problems.join('\n');
      if (now === shown) return;
      shown = now;
      element.hidden = problems.length === 0;
      element.replaceChildren(
        ...problems.map((text) => h('li', { class: 'note warn' }, icon('attention'), text)),
      );
    },
  };
}
