/** All checks in the order of the table: what others rest on comes first. */
import type { Check } from './check.ts';
import { board, config } from './checks/board.ts';
import { camera } from './checks/camera.ts';
import { clock } from './checks/clock.ts';
import { computer } from './checks/computer.ts';
import { disk } from './checks/disk.ts';
import { gpio } from './checks/gpio.ts';
import { i2c } from './checks/i2c.ts';
import { network } from './checks/network.ts';
import { node } from './checks/node.ts';
import { permissions } from './checks/permissions.ts';
import { services } from './checks/services.ts';
import { sound } from './checks/sound.ts';
import { watchdog } from './checks/watchdog.ts';

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
