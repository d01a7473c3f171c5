import { type Board, deskmate1 } from './board.ts';

/** All boards by the name that a configuration file gives. */
export const boards: ReadonlyMap<string, Board> = new Map([[deskmate1.name, deskmate1]]);
