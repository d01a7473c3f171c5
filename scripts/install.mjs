/** Installs the exact packages of package-lock.json when they are missing. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { aboutMissing, ensureInstalled, nodeTooOld, root } from './preflight.mjs';

async function main() {
  const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const tooOld = nodeTooOld(process.version, engines.node);
  if (tooOld) throw new Error(tooOld);
  const { installed, missing } = await ensureInstalled((what) => console.log(what));
  if (installed && missing.length > 0) console.log(aboutMissing(missing));
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
