import { FlatView } from './flat-view.ts';
import { ThreeView } from './three-view.ts';
import type { ButtonName, RobotView } from './view.ts';

/**
 * In space when the browser can, else as a drawing. `?view=flat` asks for the drawing, `?view=full`
 * for every pixel and mirror though there is no graphics chip.
 */
export function openView(
  page: Window,
  stage: HTMLElement,
  press: (name: ButtonName, pressed: boolean) => void,
): RobotView {
  const asked = new URLSearchParams(page.location.search).get('view');
  const view = asked === 'flat' ? undefined : openThree(page, stage, press, asked === 'full');
  if (view) return view;
  const drawing = new FlatView();
  stage.append(drawing.element);
  return drawing;
}

function openThree(
  page: Window,
  element: HTMLElement,
  press: (name: ButtonName, pressed: boolean) => void,
  full: boolean,
): RobotView | undefined {
  const dark = page.matchMedia('(prefers-color-scheme: dark)').matches;
  try {
    return new ThreeView({ element, press, full, daylight: dark ? 'evening' : 'day' });
  } catch {
    return undefined; // No WebGL here.
  }
}
