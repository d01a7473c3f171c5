import { h, setText } from '../../shared/dom.ts';
import { drawIcon, type IconName, icon } from '../parts/icons.ts';
import type { ScreenContext } from '../parts/screen.ts';
import type { ClassModel, Part } from './model.ts';
import { type VeilWords, veilWords } from './state-words.ts';

const ICONS: Readonly<Record<VeilWords['why'], IconName>> = {
  paused: 'pause',
  lost: 'link',
  waking: 'robot',
  noPicture: 'noCamera',
};

/**
 * Stands in place of the picture: pause, lost connection, waking, no camera. The picture behind it is
 * taken away, not covered: nothing may shine through, and no frame that comes late is ever shown.
 */
export function veil({ say }: ScreenContext, video: HTMLVideoElement): Part {
  const sign = icon('pause');
  const title = h('h2', {});
  const text = h('p', {});
  const element = h(
    'div',
    { id: 'veil', class: 'veil', hidden: true },
    h('div', { class: 'veil-badge' }, sign),
    title,
    text,
  );
  return {
    element,
    update(model: ClassModel): void {
      const words = veilWords(model, say);
      element.hidden = words === undefined;
      video.classList.toggle('away', words !== undefined);
      if (!words) {
        delete element.dataset.why;
        return;
      }
      element.dataset.why = words.why;
      drawIcon(sign, ICONS[words.why]);
      setText(title, say(words.title));
      setText(text, words.text);
    },
  };
}
