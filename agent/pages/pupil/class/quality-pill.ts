import type { Quality } from '../../../client/api.ts';
import { h, s, setText } from '../../shared/dom.ts';
import type { ScreenContext } from '../parts/screen.ts';
import type { Say } from '../words/dictionaries.ts';
import { Popover } from './controls.ts';
import type { ClassModel, Part } from './model.ts';

const WORDS = {
  good: 'qualityGood',
  fair: 'qualityFair',
  poor: 'qualityPoor',
  unknown: 'qualityUnknown',
} as const;
const BARS = { good: 3, fair: 2, poor: 1, unknown: 0 } as const;

/** The measured quality, quietly; pressing it explains the numbers. */
export function qualityPill({ say, signal }: ScreenContext): Part {
  const bars = [0, 1, 2].map((index) =>
    s('rect', { x: 2 + index * 7, y: 12 - index * 5, width: 4, height: 7 + index * 5, rx: 1.5 }),
  );
  const drawing = s('svg', { class: 'bars', viewBox: '0 0 24 20', 'aria-hidden': 'true' }, ...bars);
  const words = h('span', { class: 'quality-words' });
  const number = h('span', { class: 'quality-number' });
  const name = h('span', { class: 'visually-hidden' }, `${say('quality')}: `);
  const button = h('button', { id: 'quality', type: 'button', class: 'pill quality' });
  button.append(drawing, name, words, number);
  const details = h('dl', { class: 'details' });
  const advice = h('p', { class: 'soft' }, say('qualityPoorText'));
  const explained = new Popover(
    'quality-details',
    button,
    say('qualityTitle'),
    signal,
    h('h2', {}, say('qualityTitle')),
    details,
    advice,
  );
  const element = h('div', { class: 'quality-place' }, button, explained.element);
  return {
    element,
    update({ quality }: ClassModel): void {
      button.dataset.verdict = quality.verdict;
      for (const [index, bar] of bars.entries()) {
        bar.classList.toggle('on', index < BARS[quality.verdict]);
      }
      setText(words, say(WORDS[quality.verdict]));
      setText(number, milliseconds(quality.videoLatencyMs, say) ?? '');
      advice.hidden = quality.verdict === 'good' || quality.verdict === 'unknown';
      details.replaceChildren(...rows(quality, say));
    },
  };
}

function rows(quality: Quality, say: Say): HTMLElement[] {
  const loss =
    quality.lossRatio === undefined
      ? undefined
      : say('percent', { percent: Math.round(quality.lossRatio * 1000) / 10 });
  return [
    row(
      say('qualityDelay'),
      milliseconds(quality.videoLatencyMs, say),
      say,
      say('qualityDelayText'),
    ),
    row(say('qualityTrip'), milliseconds(quality.roundTripMs, say), say),
    row(say('qualityLoss'), loss, say),
    row(say('qualityPicture'), picture(quality, say), say),
  ];
}

function row(what: string, value: string | undefined, say: Say, why?: string): HTMLElement {
  return h(
    'div',
    {},
    h('dt', {}, what),
    h('dd', {}, value ?? say('unknown')),
    why !== undefined && h('dd', { class: 'soft small' }, why),
  );
}

/** From a second on in seconds: four digits are no measure for a child. */
function milliseconds(ms: number | undefined, say: Say): string | undefined {
  if (ms === undefined) return undefined;
  if (ms >= 1_000) return say('secondsShort', { seconds: Math.round(ms / 100) / 10 });
  return say('milliseconds', { ms: Math.round(ms) });
}

function picture({ width, height, framesPerSecond }: Quality, say: Say): string | undefined {
  if (width === undefined || height === undefined || framesPerSecond === undefined)
    return undefined;
  return say('qualityPictureValue', { width, height, fps: Math.round(framesPerSecond) });
}
