import { s } from '../../shared/dom.ts';

/** Line drawings on a grid of 24, drawn for this page. Each is decoration: the words stand beside it. */
const PATHS = {
  robots: [
    'M6.5 9.5a5.5 5 0 0 1 11 0v2a5.5 5 0 0 1-11 0zM10 10v.8M14 10v.8',
    'M8.5 16h7l1.5 4.5H7zM12 4.4V2.8',
  ],
  schools: ['M3.5 20V10L12 4.5 20.5 10v10zM10 20v-5.5h4V20M7 12.5v.3M17 12.5v.3'],
  alerts: ['M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10.5 20.5h3'],
  audit: ['M6 3.5h9l4 4v13H6zM14.5 3.8V8h4.2M9 12h7M9 15.5h7'],
  ready: ['M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM8 12.3l2.8 2.8L16 9.5'],
  live: [
    'M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM6.8 6.8a7.4 7.4 0 0 0 0 10.4M17.2 6.8a7.4 7.4 0 0 1 0 10.4',
  ],
  paused: ['M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM10 9v6M14 9v6'],
  alert: ['M12 4l9 15.5H3zM12 10v4.5M12 17v.2'],
  lost: [
    'M4 9.5a12 12 0 0 1 4-2.4M20 9.5a12 12 0 0 0-7-3M7.5 13a7 7 0 0 1 3-1.7M12 18v.3M4.5 4.5l15 15',
  ],
  off: ['M12 3.5V11M7.5 6.5a7.5 7.5 0 1 0 9 0'],
  sleeping: ['M19 14.5A8 8 0 1 1 10 4.6a6.3 6.3 0 0 0 9 9.9z'],
  starting: [
    'M12 3.5v3.5M12 17v3.5M3.5 12H7M17 12h3.5M6 6l2.4 2.4M15.6 15.6L18 18M6 18l2.4-2.4M15.6 8.4L18 6',
  ],
  updating: ['M12 4.5v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14'],
  unknown: ['M9 9.2a3 3 0 1 1 4.6 2.5c-1 .7-1.6 1.2-1.6 2.5M12 17.6v.2'],
  check: ['M5 12.5l4.5 4.5L19 7.5'],
  back: ['M15 5l-7 7 7 7'],
  give: ['M4 8h13M13.5 4.5L17 8l-3.5 3.5M20 16H7M10.5 12.5L7 16l3.5 3.5'],
  link: [
    'M10 14a3.6 3.6 0 0 0 5.1 0l3.2-3.2a3.6 3.6 0 0 0-5.1-5.1L12 6.9',
    'M14 10a3.6 3.6 0 0 0-5.1 0l-3.2 3.2a3.6 3.6 0 0 0 5.1 5.1l1.2-1.2',
  ],
  find: [
    'M12 4.5v-2M5.5 7L4 5.5M18.5 7L20 5.5M8 20.5h8M9 17.5h6M12 7a4.5 4.5 0 0 1 2.7 8.1v2.4H9.3v-2.4A4.5 4.5 0 0 1 12 7z',
  ],
  restart: ['M19 12a7 7 0 1 1-2.2-5.1M19.5 3.5v4.5H15'],
  lesson: ['M4 5.5h16v14H4zM4 10h16M8 3.5v4M16 3.5v4M12 12.5v5M9.5 15h5'],
  support: ['M12 3.5l7.5 3v5.5c0 4.5-3 7.5-7.5 8.5-4.5-1-7.5-4-7.5-8.5V6.5zM9 12l2.2 2.2L15.2 10'],
  up: ['M12 19V6M6.5 11L12 5.5l5.5 5.5'],
  down: ['M12 5v13M6.5 13l5.5 5.5 5.5-5.5'],
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGSVGElement {
  const drawing = s('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' });
  drawIcon(drawing, name);
  return drawing;
}

/** Puts another drawing into an icon that stays where it is. */
export function drawIcon(drawing: SVGSVGElement, name: IconName): void {
  if (drawing.dataset.icon === name) return;
  drawing.dataset.icon = name;
  drawing.replaceChildren(...PATHS[name].map((d) => s('path', { d })));
}
