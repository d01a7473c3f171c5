/** Shows codes on the terminal, or writes them as a page. */

import { splitIntoCodes } from '../../../agent/wire/code.ts';
import type { SignedOrder } from '../../../agent/wire/order.ts';
import { textFlag } from '../command/flag.ts';
import { translator } from '../command/language.ts';
import { terminalQr } from '../command/terminal-qr.ts';
import { type Call, CommandError, EXIT } from '../command/verb.ts';
import { codeSheet } from './code-sheet.ts';
import { writeOutput } from './fleet-call.ts';
import { fleetWords } from './words.ts';

/** The codes that carry an order. Throws CommandError when it is too long for codes. */
export function codesOf({ order, chain }: SignedOrder): readonly string[] {
  const split = splitIntoCodes(JSON.stringify({ order, chain }));
  if (split.ok) return split.codes;
  throw new CommandError('fileWrong', EXIT.data, split.why);
}

/** `robot`: whom it is for; undefined for any. `facts`: further fields for programs. */
export async function showCodes(
  call: Call,
  codes: readonly string[],
  { robot, facts = {} }: { readonly robot?: string; readonly facts?: object },
): Promise<void> {
  const { terminal, language, flags } = call;
  const say = translator(fleetWords, language);
  const captions = codes.map((_, index) => say('codesShow', { n: index + 1, of: codes.length }));
  const file = textFlag(call, 'out');
  if (file !== undefined) {
    const title = robot === undefined ? say('sheetAny') : say('sheetTitle', { robot });
    await writeOutput(
      file,
      codeSheet({ title, how: say('codesTurn'), captions, codes, language }),
      0o600,
    );
  }
  if (flags.json) {
    terminal.line(
      JSON.stringify({ codes, ...facts, ...(file !== undefined && { file }) }, null, 2),
    );
    return;
  }
  if (file !== undefined) {
    terminal.line(say('sheetWritten', { file }));
    return;
  }
  for (const [index, code] of codes.entries()) {
    for (const line of terminalQr(code, terminal.colour)) terminal.line(line);
    terminal.line(captions[index] ?? '');
    terminal.line();
  }
  terminal.line(say('codesTurn'));
}
