import { h, s, setText } from '../../shared/dom.ts';
import type { ScreenContext } from '../parts/services.ts';
import type { ClassModel, Part } from './model.ts';
import { type HeardWords, heardWords } from './state-words.ts';

const MICROPHONE = 'M8 3.5a2.8 2.8 0 0 1 2.8 2.8v4.9a2.8 2.8 0 0 1-5.6 0V6.3A2.8 2.8 0 0 1 8 3.5z';
const STAND = 'M2.5 11a5.5 5.5 0 0 0 11 0M8 16.5V20';
const WAVES = [
  'M17 9.3a4 4 0 0 1 0 5.4',
  'M20.2 6.7a8 8 0 0 1 0 10.6',
  'M23.4 4.2a12 12 0 0 1 0 15.6',
];
const SIGNS: Readonly<Record<HeardWords['sign'], string>> = {
  none: '',
  check: 'M32 12.5l3.4 3.6 6.6-8',
  attention: 'M37 5.5v8.5M37 18.2v.2',
  off: 'M2 3.5l17 17',
};

/** "Does the class hear me": a microphone with none to three waves and a sign, and the verdict in words. */
export function heardMeter({ say }: ScreenContext): Part {
  const microphone = s('path', { d: `${MICROPHONE}${STAND}` });
  const waves = WAVES.map((d) => s('path', { d, class: 'heard-wave' }));
  const sign = s('path', { class: 'heard-sign' });
  const drawing = s(
    'svg',
    { class: 'heard-drawing', viewBox: '0 0 44 24', 'aria-hidden': 'true' },
    microphone,
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
      // Without waves and sign there is less to make room for.
      const room = verdict.sign === 'off' ? 20 : verdict.sign === 'none' ? 28 : 44;
      drawing.setAttribute('viewBox', `0 0 ${room} 24`);
      sign.setAttribute('d', SIGNS[verdict.sign]);
      setText(words, say(verdict.key));
    },
  };
}
