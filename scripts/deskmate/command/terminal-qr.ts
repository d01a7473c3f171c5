import encodeQr from 'qr';

/** Quiet zone in modules: ISO/IEC 18004 requires 4, current readers need 2. */
const BORDER = 2;

/**
 * A QR code of half blocks, two rows of modules per line. With colours it is dark on white on every
 * terminal; without, it is correct on the usual light-on-dark terminal.
 */
export function terminalQr(text: string, colour: boolean): string[] {
  const modules = encodeQr(text, 'raw', { ecc: 'low', border: BORDER });
  const dark = (row: number, column: number): boolean => modules[row]?.[column] ?? false;
  const lines: string[] = [];
  for (let row = 0; row < modules.length; row += 2) {
    let line = '';
    for (let column = 0; column < modules.length; column++)
      line += block(!dark(row, column), !dark(row + 1, column));
    // Bright white on black, by number: themes redefine the first sixteen.
    lines.push(colour ? `\u001b[38;5;231;48;5;16m${line}\u001b[0m` : line);
  }
  return lines;
}

function block(upperLight: boolean, lowerLight: boolean): string {
  if (upperLight) return lowerLight ? '█' : '▀';
  return lowerLight ? '▄' : ' ';
}
