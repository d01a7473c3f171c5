import type { Board } from './board.ts';
import { deskmate1 } from './deskmate1.ts';
import { laptop } from './laptop.ts';

/** All boards by the name that a configuration file gives. */
export const boards: ReadonlyMap<string, Board> = new Map(
  [deskmate1, laptop].map((board) => [board.name, board]),
);
