import { s } from './dom.ts';

/** Line drawings on a grid of 24, by name: paths of an SVG. */
type Drawings<N extends string> = Readonly<Record<N, readonly string[]>>;

/** What draws a page's icons. Each is decoration: the words stand beside it. */
export function iconsOf<N extends string>(drawings: Drawings<N>) {
  /** Puts another drawing into an icon that stays where it is. */
  const drawIcon = (drawing: SVGSVGElement, name: N): void => {
    if (drawing.dataset.icon === name) return;
    drawing.dataset.icon = name;
    drawing.replaceChildren(...drawings[name].map((d) => s('path', { d })));
  };
  const icon = (name: N): SVGSVGElement => {
    const drawing = s('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' });
    drawIcon(drawing, name);
    return drawing;
  };
  return { icon, drawIcon };
}
