import { h, s, setText } from '../../shared/dom.ts';
import type { ScreenContext } from '../parts/screen.ts';
import { viewDegrees } from './look-drag.ts';
import type { ClassModel, Part } from './model.ts';
import { type HeardWords, heardWords, poseWords, statusWords } from './state-words.ts';

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

const WIDTH = 132;
const HEIGHT = 44;
/** The room shown beyond the limits, so that the view at a limit is still whole. */
const MARGIN_DEG = 8;

/** A small map of where the head can turn, with the view as a window in it. Left is left. */
export function headMap({ say }: ScreenContext): Part {
  const range = s('rect', { class: 'map-range', rx: 9 });
  const centre = s('path', { class: 'map-centre' });
  const view = s('rect', { class: 'map-view', rx: 5, 'data-part': 'view' });
  const drawing = s(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, 'aria-hidden': 'true' },
    range,
    centre,
    view,
  );
  const words = h('p', { class: 'visually-hidden', id: 'head-words' });
  const element = h('div', { id: 'head-map', class: 'head-map pill' });
  element.append(drawing, words);
  return {
    element,
    update(model: ClassModel): void {
      const { robot, quality } = model;
      element.hidden = !robot || robot.motion === 'off' || robot.motion === 'absent';
      if (!robot) return;
      const ratio = quality.width && quality.height ? quality.height / quality.width : 0.75;
      const seen = viewDegrees(ratio);
      const wide = robot.pan.maxDeg - robot.pan.minDeg + seen.pan + 2 * MARGIN_DEG;
      const tall = robot.tilt.maxDeg - robot.tilt.minDeg + seen.tilt + 2 * MARGIN_DEG;
      const x = (pan: number): number =>
        ((robot.pan.maxDeg + seen.pan / 2 + MARGIN_DEG - pan) / wide) * WIDTH;
      const y = (tilt: number): number =>
        ((robot.tilt.maxDeg + seen.tilt / 2 + MARGIN_DEG - tilt) / tall) * HEIGHT;
      place(range, { x: 1, y: 1, width: WIDTH - 2, height: HEIGHT - 2 });
      centre.setAttribute('d', `M${x(0)} ${HEIGHT - 7}v4M${x(0)} 3v4`);
      place(view, {
        x: x(robot.pan.deg + seen.pan / 2),
        y: y(robot.tilt.deg + seen.tilt / 2),
        width: (seen.pan / wide) * WIDTH,
        height: (seen.tilt / tall) * HEIGHT,
      });
      element.dataset.pan = robot.pan.deg.toFixed(1);
      element.dataset.tilt = robot.tilt.deg.toFixed(1);
      // Said on demand, when a reader comes by: a text that changes ten times a second is no news.
      if (robot.motion !== 'moving') setText(words, poseWords(robot, say));
    },
  };
}

function place(rect: SVGRectElement, at: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(at)) rect.setAttribute(name, value.toFixed(1));
}
