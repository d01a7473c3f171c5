import { h, s, setText } from '../../shared/dom.ts';
import type { ScreenContext } from '../parts/services.ts';
import { viewDegrees } from './look-drag.ts';
import type { ClassModel, Part } from './model.ts';
import { poseWords } from './state-words.ts';

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
