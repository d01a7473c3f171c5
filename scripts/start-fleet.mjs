/** `make fleet` */
import { start } from './start.mjs';

start('fleet', 'fleet-demo', 'runFleetDemo');
