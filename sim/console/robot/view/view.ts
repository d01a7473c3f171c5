import type { Look } from '../model/look.ts';

export type ButtonName = 'teacher' | 'pair';

/** A picture of the robot. `three-view.ts` in space, `flat-view.ts` where there is no WebGL. */
export interface RobotView {
  readonly kind: 'space' | 'flat';
  readonly element: Element;
  /** Takes the newest look; draws it when it is time to. */
  show(look: Look): void;
  close(): void;
}
