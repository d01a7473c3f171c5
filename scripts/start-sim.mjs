/** `make sim` */
import { start } from './start.mjs';

start('simulator', 'sim', 'runSim');
