/**
 * `make deb-test`: the package on a Debian 12 with a running systemd. Installs an older build,
 * starts it, upgrades it to the one in dist/deb, removes, installs again and purges, and looks after
 * each step at what a robot's owner would. Needs root and mmdebstrap.
 */
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { shell } from '../shell.ts';
import { debianRoot } from './debian-root.ts';
import { Guest } from './guest.ts';
import { steps } from './steps.ts';

async function main(project: string): Promise<void> {
  const { values } = parseArgs({
    options: { older: { type: 'string' }, newer: { type: 'string' } },
  });
  const { older, newer } = values;
  assert(older && newer, 'usage: deb-test --older FILE.deb --newer FILE.deb');
  assert.equal(process.getuid?.(), 0, 'this test makes namespaces and mounts: run it as root');
  const start = performance.now();
  const lower = await debianRoot(path.join(project, 'dist/deb/cache'));
  const inbox = await inboxOf(older, newer);
  const script = path.join(project, 'scripts/deb/install-test/boot.sh');
  const guest = await Guest.boot(script, lower, inbox);
  try {
    for (const { title, run } of steps) {
      const from = performance.now();
      await run(guest);
      console.log(`ok  ${title} (${((performance.now() - from) / 1000).toFixed(1)} s)`);
    }
  } finally {
    await guest.stop();
    await rm(inbox, { recursive: true });
  }
  console.log(`all ${steps.length} steps in ${((performance.now() - start) / 1000).toFixed(0)} s`);
}

async function inboxOf(older: string, newer: string): Promise<string> {
  const inbox = await mkdtemp(path.join(tmpdir(), 'deskmate-inbox-'));
  await mkdir(inbox, { recursive: true });
  await cp(older, path.join(inbox, 'older.deb'));
  await cp(newer, path.join(inbox, 'newer.deb'));
  // apt reads packages as a user of its own.
  await shell('chmod', ['-R', 'a+rX', inbox]);
  return inbox;
}

main(process.cwd()).catch((error: unknown) => {
  process.stderr.write(`deb-test: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
