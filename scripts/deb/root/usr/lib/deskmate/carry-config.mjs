// Makes a drop-in of a configuration file of before 0.2.0: carry-config.mjs OLD DEFAULTS DROP-IN.
// What it says as the package does is left out, so that later defaults hold.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

const [old, defaults, dropIn] = process.argv.slice(2);
const text = readFileSync(old, 'utf8');
writeFileSync(dropIn, changed(text), { flag: 'wx', mode: statSync(old).mode & 0o777 });

function changed(whole) {
  try {
    const shipped = JSON.parse(readFileSync(defaults, 'utf8'));
    const fields = Object.entries(JSON.parse(whole.replace(/^\uFEFF/, '')));
    const kept = fields.filter(([name, value]) => !isDeepStrictEqual(value, shipped[name]));
    return `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`;
  } catch {
    // No JSON: as it is, so that the service says where it is wrong.
    return whole;
  }
}
