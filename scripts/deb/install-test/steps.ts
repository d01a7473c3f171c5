import { installSteps } from './install-steps.ts';
import { lifecycleSteps } from './lifecycle-steps.ts';
import { powerOff } from './power-off.ts';
import { serviceSteps } from './service-steps.ts';
import type { Step } from './step.ts';

/** In this order: each finds the guest as the one before has left it. */
export const steps: readonly Step[] = [
  ...installSteps,
  ...serviceSteps,
  powerOff,
  ...lifecycleSteps,
];
