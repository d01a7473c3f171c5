import type { DesiredState } from '../../firmware/link/schema.ts';

/** What the body shows besides who is there: that somebody looks for it, that support is let in. */
export type Signs = Pick<DesiredState, 'identify' | 'support'>;
