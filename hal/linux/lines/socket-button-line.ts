/**
 * What is said at the socket of a button: one line a connection, and one back. Whoever presses is
 * told when, by the clock of the process that has the button: its later reports can be told apart
 * from those of before.
 */
export const PRESS_LINE = 'press';
export const NOT_A_PRESS = 'expected press';

/** Longer than any line of either side. Bytes. */
export const MAX_BUTTON_LINE = 64;

export const pressedLine = (atMs: number): string => `pressed ${atMs}`;

/** Milliseconds (Clock.now) of the press; undefined: this is no such line. */
export function readPressedLine(line: string): number | undefined {
  const found = /^pressed (\d{1,15}(?:\.\d{1,20})?)$/.exec(line)?.[1];
  return found === undefined ? undefined : Number(found);
}
