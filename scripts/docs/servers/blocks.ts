/** Configurations as they stand in docs/servers.md: the tests start what people copy. */
import { readFileSync } from 'node:fs';
import { root } from '../../preflight.mjs';

/** The block whose fence says `file=`: as it stands. Throws when the document has none. */
export function block(file: string, document = 'docs/servers.md'): string {
  const text = readFileSync(`${root}/${document}`, 'utf8');
  for (const [, name, body = ''] of text.matchAll(/^```\w+ file=(\S+)\n([\s\S]*?)^```$/gm))
    if (name === file) return body;
  throw new Error(`${document}: expected a block with file=${file}`);
}

/**
 * The same for this computer: each text is replaced, and each must be there, so that a test cannot
 * go past what it means to change.
 */
export function fitted(text: string, changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce((fit, [from, to]) => {
    if (!fit.includes(from)) throw new Error(`expected “${from}” in the configuration`);
    return fit.replaceAll(from, to);
  }, text);
}
