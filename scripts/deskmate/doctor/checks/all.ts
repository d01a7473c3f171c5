/** All checks in the order of the table: prerequisites of others first. */
import type { Check } from '../check.ts';
import { board, config } from './board.ts';
import { camera } from './camera.ts';
import { clock } from './clock.ts';
import { computer } from './computer.ts';
import { disk } from './disk.ts';
import { gpio } from './gpio.ts';
import { i2c } from './i2c.ts';
import { network } from './network.ts';
import { node } from './node.ts';
import { permissions } from './permissions.ts';
import { services } from './services.ts';
import { sound } from './sound.ts';
import { watchdog } from './watchdog.ts';

export const checks: readonly Check[] = [
  board,
  config,
  node,
  services,
  permissions,
  i2c,
  gpio,
  watchdog,
  camera,
  sound,
  network,
  clock,
  disk,
  computer,
];
