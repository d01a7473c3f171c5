/**
 * Each page's index.html: the common shell, filled in from the page's page.json. That has its
 * `title`, its `styles` (paths without `.css`), and what to open again when the page does not start
 * (`nl`, `sv`, `en`), where that is not its address.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './preflight.mjs';

const SHELL = path.join(root, 'agent/pages/shared/shell.html');

/** Resolves with the HTML of the page in `folder`; rejects where there is no page. */
export async function pageShell(folder) {
  const [shell, own] = await Promise.all([
    readFile(SHELL, 'utf8'),
    readFile(path.join(folder, 'page.json'), 'utf8').then(JSON.parse),
  ]);
  const links = own.styles.map((style) => `<link rel="stylesheet" href="/${style}.css">`);
  const values = { ...own, page: path.basename(folder), styles: links.join('\n    ') };
  return shell.replace(/\{(\w+)(?:\|([^}]*))?\}/g, (_, name, usual) => values[name] ?? usual);
}
