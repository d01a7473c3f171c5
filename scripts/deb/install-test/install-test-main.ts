/**
 * `make deb-test`: the build is reproducible, the arm64 package's add-ons load, and the package
 * works on a Debian 12 with a running systemd: an older build is installed, started, upgraded to
 * this one, removed, installed again and purged, with checks after each step. Needs root, mmdebstrap, cross
 * compiler; qemu-aarch64 for arm64.
 */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { messageOf } from '../../../hal/common/errors.ts';
import { type Built, buildPackage } from '../build-package.ts';
import { maintainer } from '../control.ts';
import { shell } from '../shell.ts';
import { loadsOnArm } from './arm64.ts';
import { debianRoot } from './debian-root.ts';
import { Guest } from './guest.ts';
import { installSteps } from './install-steps.ts';
import { lifecycleSteps } from './lifecycle-steps.ts';
import { powerOff } from './power-off.ts';
import { serviceSteps } from './service-steps.ts';
import type { Step } from './step.ts';

/** In this order: each finds the guest as the one before has left it. */
const steps: readonly Step[] = [...installSteps, ...serviceSteps, powerOff, ...lifecycleSteps];

async function main(project: string): Promise<void> {
  assert.equal(process.getuid?.(), 0, 'this test makes namespaces and mounts: run it as root');
  // All builds of this run at one date, whatever is committed meanwhile.
  process.env.SOURCE_DATE_EPOCH ??= '1700000000';
  const start = performance.now();
  const elsewhere = await mkdtemp(path.join(tmpdir(), 'deskmate-deb-test-'));
  try {
    const newer = await timed('builds', () => quick(project, {}));
    await timed('builds the same bytes in another folder, add-ons compiled anew', async () => {
      const addons = path.join(elsewhere, 'addons');
      const second = await quick(project, { addons, out: path.join(elsewhere, 'again') });
      assert.equal(await sha256(second.file), await sha256(newer.file));
    });
    const sister = await timed('builds for arm64', () => quick(project, { arch: 'arm64' }));
    await timed('arm64: Node and every native add-on load', () =>
      loadsOnArm(sister.file, path.join(project, 'dist/deb/cache'), elsewhere),
    );
    const older = await quick(project, { version: '0.0.1', out: elsewhere });
    await inDebian(project, older, newer);
  } finally {
    await rm(elsewhere, { recursive: true });
  }
  console.log(`all in ${((performance.now() - start) / 1000).toFixed(0)} s`);
}

const quick = (
  project: string,
  order: { arch?: string; version?: string; out?: string; addons?: string },
) =>
  buildPackage({
    project,
    arch: 'amd64',
    compression: 'none',
    out: path.join(project, 'dist/deb/test'),
    ...order,
  });

async function inDebian(project: string, older: Built, newer: Built): Promise<void> {
  const lower = await debianRoot(path.join(project, 'dist/deb/cache'));
  const inbox = await inboxOf(project, older.file, newer.file);
  const script = path.join(project, 'scripts/deb/install-test/boot.sh');
  const guest = await timed('Debian 12 starts', () => Guest.boot(script, lower, inbox));
  try {
    for (const { title, run } of steps) await timed(title, () => run(guest));
  } finally {
    await guest.stop();
    await rm(inbox, { recursive: true });
  }
}

async function timed<T>(title: string, run: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const result = await run().catch((error: unknown) => {
    console.log(`not ok  ${title}`);
    throw error;
  });
  console.log(`ok  ${title} (${((performance.now() - from) / 1000).toFixed(1)} s)`);
  return result;
}

async function inboxOf(project: string, older: string, newer: string): Promise<string> {
  const inbox = await mkdtemp(path.join(tmpdir(), 'deskmate-deb-inbox-'));
  await cp(older, path.join(inbox, 'older.deb'));
  await cp(newer, path.join(inbox, 'newer.deb'));
  await shell('dpkg-deb', [
    ...['--root-owner-group', '-Znone', '--build', await conffilesPackage(project, inbox)],
    path.join(inbox, 'conffiles.deb'),
  ]);
  // apt reads packages as a user of its own.
  await shell('chmod', ['-R', 'a+rX', inbox]);
  return inbox;
}

/** A package of before 0.2.0, with its configuration alone; resolves with its folder. */
async function conffilesPackage(project: string, inbox: string): Promise<string> {
  const root = path.join(inbox, 'conffiles');
  const etc = path.join(root, 'etc/deskmate');
  await mkdir(path.join(root, 'DEBIAN'), { recursive: true });
  await cp(path.join(project, 'scripts/deb/install-test/v0.1.0'), etc, { recursive: true });
  const names = ['agent', 'firmware'].map((name) => `/etc/deskmate/${name}.json\n`);
  await writeFile(path.join(root, 'DEBIAN/conffiles'), names.join(''));
  const control = {
    ...{ Package: 'deskmate', Version: '0.0.9', Architecture: 'amd64' },
    ...{ Maintainer: maintainer, Description: 'configuration as 0.1.0 had it' },
  };
  const lines = Object.entries(control).map(([name, value]) => `${name}: ${value}\n`);
  await writeFile(path.join(root, 'DEBIAN/control'), lines.join(''));
  return root;
}

const sha256 = async (file: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');

main(process.cwd()).catch((error: unknown) => {
  process.stderr.write(`deb-test: ${messageOf(error)}\n`);
  process.exit(1);
});
