import type { Timer } from '../../../../hal/ports/clock.ts';
import { h, setText } from '../../shared/dom.ts';
import { drawIcon, type IconName, icon } from '../parts/icons.ts';
import type { ScreenContext } from '../parts/screen.ts';
import type { ClassModel, Part } from './model.ts';
import { type VeilWords, veilWords } from './state-words.ts';

/** Screen readers hear that the first picture is on its way when it takes longer than this. */
const COMING_MS = 1_500;

const ICONS: Readonly<Record<VeilWords['why'], IconName>> = {
  paused: 'pause',
  lost: 'link',
  waking: 'robot',
  coming: 'robot',
  noPicture: 'noCamera',
};

/**
 * Stands in place of the picture: pause, lost connection, waking, a first picture
 * that is on its way, no camera. The picture behind it is
 * taken away, not covered: nothing may shine through, and no frame that comes late is ever shown.
 */
export function veil(
  { say, clock, signal, announce }: ScreenContext,
  video: HTMLVideoElement,
): Part {
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
  let coming: Timer | undefined;
  signal.addEventListener('abort', () => coming?.cancel());
  const wait = (words: VeilWords | undefined): void => {
    coming?.cancel();
    coming =
      words?.why === 'coming'
        ? clock.after(COMING_MS, () => announce(`${say(words.title)}. ${words.text}`, 'polite'))
        : undefined;
  };
  return {
    element,
    update(model: ClassModel): void {
      const words = veilWords(model, say);
      if (words?.why !== element.dataset.why) wait(words);
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
