/** `make run BOARD=laptop` */
import { start } from './start.mjs';

start('station', 'station', 'runStation');
