// Makes a drop-in of a configuration file of before 0.2.0: carry-config.mjs OLD DEFAULTS DROP-IN.
// What it says as the package does is left out, so that later defaults hold. With two more words,
// DEFAULTS and DROP-IN of another process, what only that one knows now goes there.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

const [old, defaults, dropIn, otherDefaults, otherDropIn] = process.argv.slice(2);
const text = readFileSync(old, 'utf8');
const [own, others] = carried(text);
writeFileSync(dropIn, own, { flag: 'wx', mode: statSync(old).mode & 0o777 });
// No secret is among these, and another user reads them.
if (others) writeFileSync(otherDropIn, others, { flag: 'wx', mode: 0o644 });

function carried(whole) {
  try {
    const [shipped, elsewhere] = [defaultsOf(defaults), defaultsOf(otherDefaults)];
    const fields = Object.entries(JSON.parse(whole.replace(/^\uFEFF/, '')));
    const isOthers = ([name]) => name in elsewhere && !(name in shipped);
    const changedFrom = (now) => (field) => !isDeepStrictEqual(field[1], now[field[0]]);
    const own = fields.filter((field) => !isOthers(field)).filter(changedFrom(shipped));
    const others = fields.filter(isOthers).filter(changedFrom(elsewhere));
    return [textOf(own), others.length > 0 && textOf(others)];
  } catch {
    // No JSON: as it is, so that the service says where it is wrong.
    return [whole, false];
  }
}

function defaultsOf(file) {
  return file === undefined ? {} : JSON.parse(readFileSync(file, 'utf8'));
}

function textOf(fields) {
  return `${JSON.stringify(Object.fromEntries(fields), null, 2)}\n`;
}
