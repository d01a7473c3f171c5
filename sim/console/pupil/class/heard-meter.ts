import { h, s, setText } from '../../shared/dom.ts';
import type { ScreenContext } from '../services.ts';
import type { ClassModel, Part } from './model.ts';
import { type HeardWords, heardWords } from './state-words.ts';

const WAVES = [
  'M15 9.5a3.6 3.6 0 0 1 0 5',
  'M18 7a7.2 7.2 0 0 1 0 10',
  'M21 4.5a10.8 10.8 0 0 1 0 15',
];
const SIGNS: Readonly<Record<HeardWords['sign'], string>> = {
  none: '',
  check: 'M26 12.5l3 3 5.5-6.5',
  attention: 'M30 6.5v7.5M30 17.6v.2',
  off: 'M3 4l16 16',
};

/** "Does the class hear me": a mouth with none to three waves and a sign, and the verdict in words. */
export function heardMeter({ say }: ScreenContext): Part {
  const head = s('path', {
    d: 'M3.5 12a4.5 4.5 0 1 1 9 0 4.5 4.5 0 0 1-9 0zM9 13.2h3.2',
    class: 'heard-head',
  });
  const waves = WAVES.map((d) => s('path', { d, class: 'heard-wave' }));
  const sign = s('path', { class: 'heard-sign' });
  const drawing = s(
    'svg',
    { class: 'heard-drawing', viewBox: '0 0 37 24', 'aria-hidden': 'true' },
    head,
    ...waves,
    sign,
  );
  const words = h('span', { id: 'heard-words' });
  const element = h('div', { id: 'heard', class: 'heard pill', role: 'group' });
  element.setAttribute('aria-label', say('heard'));
  element.append(drawing, words);
  return {
    element,
    update(model: ClassModel): void {
      const verdict = heardWords(model);
      element.dataset.heard = verdict.key;
      for (const [index, wave] of waves.entries()) {
        wave.classList.toggle('on', index < verdict.waves);
        wave.classList.toggle('gone', verdict.sign === 'off');
      }
      sign.setAttribute('d', SIGNS[verdict.sign]);
      setText(words, say(verdict.key));
    },
  };
}
