import type { SimStatus } from './simulator.ts';
import type { HomeKey } from './words.ts';

export interface StatusRow {
  readonly what: HomeKey;
  readonly value: HomeKey;
  readonly well: boolean;
}

const LIFE: Readonly<Record<string, HomeKey>> = {
  init: 'lifeInit',
  ready: 'lifeReady',
  live: 'lifeLive',
  paused: 'lifePaused',
  alert: 'lifeAlert',
  sleeping: 'lifeSleeping',
  updating: 'lifeUpdating',
};
const WELL: readonly HomeKey[] = ['lifeReady', 'lifeLive', 'lifePaused', 'lifeSleeping'];

/** Four parts of the simulator in two words each. */
export function statusRows({ life, processes, broker }: SimStatus): StatusRow[] {
  const robot = LIFE[life?.state ?? ''] ?? 'lifeAway';
  const process = (what: 'firmware' | 'agent'): StatusRow => {
    const running = processes.some((one) => one.name === what && one.state === 'running');
    return { what, value: running ? 'running' : 'restarting', well: running };
  };
  return [
    { what: 'robotName', value: robot, well: WELL.includes(robot) },
    process('firmware'),
    process('agent'),
    { what: 'broker', value: broker.up ? 'up' : 'down', well: broker.up },
  ];
}
