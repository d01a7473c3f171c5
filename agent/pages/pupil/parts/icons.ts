import { s } from '../../shared/dom.ts';

/** Line drawings on a grid of 24, drawn for this page. Each is decoration: the words stand beside it. */
const PATHS = {
  hand: [
    'M7.5 12.5V6.2a1.5 1.5 0 0 1 3 0V11M10.5 10.5V4.4a1.5 1.5 0 0 1 3 0v6.1M13.5 11V5.9a1.5 1.5 0 0 1 3 0v6.6',
    'M16.5 12.2V9.6a1.5 1.5 0 0 1 3 0v5.1c0 4-2.7 6.8-6.5 6.8-2.9 0-4.6-1.3-6-3.7l-2.6-4.4c-.9-1.6 1.3-3 2.5-1.6l2 2.3',
  ],
  check: ['M5 12.5l4.5 4.5L19 7.5'],
  cross: ['M6.5 6.5l11 11M17.5 6.5l-11 11'],
  ear: [
    'M7 9.5a5.5 5.5 0 0 1 11 0c0 3.4-3.6 4.3-4.2 7-.4 2-1.6 4-3.8 4A3.5 3.5 0 0 1 6.8 18',
    'M10 10a2.5 2.5 0 0 1 5 0c0 1.7-1.8 1.9-1.8 3.4',
  ],
  microphone: [
    'M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3z',
    'M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3',
  ],
  microphoneOff: [
    'M9 9V6.5a3 3 0 0 1 6 0v5c0 .4-.1.8-.2 1.1M12.5 14.5A3 3 0 0 1 9 11.5',
    'M5.5 11.5a6.5 6.5 0 0 0 10 5.5M18.4 12.8c.1-.4.1-.9.1-1.3M12 18v3M4 4l16 16',
  ],
  board: ['M3.5 5h17v11h-17zM8 20l2-4M16 20l-2-4M7 9h6M7 12h3.5'],
  teacher: [
    'M12 4a3 3 0 0 1 0 6 3 3 0 0 1 0-6z',
    'M6 20v-2.5a4.5 4.5 0 0 1 4.5-4.5h3L19 8.5M15.5 20v-4.5',
  ],
  class: [
    'M8.5 6a2.5 2.5 0 0 1 0 5 2.5 2.5 0 0 1 0-5zM3.5 19v-1.5a4 4 0 0 1 4-4h2a4 4 0 0 1 4 4V19',
    'M16 7a2.2 2.2 0 0 1 0 4.4M17.3 14a3.6 3.6 0 0 1 3.2 3.6V19',
  ],
  star: ['M12 4l2.4 5 5.4.7-4 3.8 1 5.4-4.8-2.6-4.8 2.6 1-5.4-4-3.8 5.4-.7z'],
  neutral: ['M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM9 9.8v.4M15 9.8v.4M8.8 15h6.4'],
  happy: [
    'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM9 9.6v.4M15 9.6v.4M8.2 14a4.4 4.4 0 0 0 7.6 0',
  ],
  sad: [
    'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM9 10v.4M15 10v.4M8.6 16.2a4.2 4.2 0 0 1 6.8 0',
  ],
  confused: [
    'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM9 10.2v.4M15 9.6v.4M8.4 15.6c1.2-1.6 2.4-1.6 3.6-.6s2.4.8 3.6-.8',
    'M7.6 7.4l2.2-.7',
  ],
  nod: ['M12 3.5v13M7.5 8L12 3.5 16.5 8M7.5 16l4.5 4.5 4.5-4.5'],
  shake: ['M3.5 12h17M8 7.5L3.5 12 8 16.5M16 7.5l4.5 4.5-4.5 4.5'],
  sound: ['M4 9.5h3.5L12 5.5v13l-4.5-4H4zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11'],
  leave: ['M14 4.5H6v15h8M10.5 12H20M16.5 8.5L20 12l-3.5 3.5'],
  help: ['M9 9.2a3 3 0 1 1 4.6 2.5c-1 .7-1.6 1.2-1.6 2.5M12 17.6v.2'],
  pause: ['M9 6v12M15 6v12'],
  link: [
    'M10 14a3.6 3.6 0 0 0 5.1 0l3.2-3.2a3.6 3.6 0 0 0-5.1-5.1L12 6.9',
    'M14 10a3.6 3.6 0 0 0-5.1 0l-3.2 3.2a3.6 3.6 0 0 0 5.1 5.1l1.2-1.2',
  ],
  lock: ['M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3'],
  attention: ['M12 5v8M12 17v.3'],
  noCamera: ['M4 7.5h3M10.5 7.5H15v4M15 15.5v1H4V7.5M15 11l5-3v8l-2.3-1.4M4 4l16 16'],
  robot: [
    'M6.5 9.5a5.5 5 0 0 1 11 0v2a5.5 5 0 0 1-11 0zM10 10v.8M14 10v.8',
    'M8.5 16h7l1.5 4.5H7zM12 4.4V2.8',
  ],
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
