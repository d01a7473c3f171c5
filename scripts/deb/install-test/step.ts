import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Guest } from './guest.ts';

/** One requirement on the package, tested on a Debian with a running systemd. */
export interface Step {
  readonly title: string;
  run(guest: Guest): Promise<void>;
}

/** The robot's services, as systemd calls them. */
export const services = ['deskmate-firmware', 'deskmate-media', 'deskmate-agent'] as const;

export const state = async (guest: Guest, unit: string): Promise<string> =>
  (await guest.run(`systemctl is-active ${unit}`)).text;

export const show = (guest: Guest, unit: string, property: string): Promise<string> =>
  guest.must(`systemctl show --value -p ${property} ${unit}`);

export const journal = (guest: Guest, unit: string): Promise<string> =>
  guest.must(`journalctl --sync; journalctl -u ${unit} -o cat --no-pager`);

/** Waits until a unit is as expected, and its process another than `old`. */
export async function settled(
  guest: Guest,
  unit: string,
  expected: string,
  old = '',
): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const pid = await show(guest, unit, 'MainPID');
    if ((await state(guest, unit)) === expected && (old === '' || (pid !== old && pid !== '0')))
      return;
    await sleep(200);
  }
  assert.fail(
    `${unit}: expected ${expected}; it said: ${(await journal(guest, unit)).slice(-2_000)}`,
  );
}

/** All up, for long enough to have said `ready` and opened their sockets. */
export async function running(guest: Guest): Promise<void> {
  for (const unit of services) await settled(guest, unit, 'active');
  for (let tries = 0; tries < 100; tries++) {
    const { code } = await guest.run('deskmate status');
    const link = await guest.run(
      'test -S /run/deskmate/link/firmware.sock && test -S /run/deskmate-media/media.sock',
    );
    if (code === 0 && link.code === 0) return;
    await sleep(200);
  }
  const said = await Promise.all(services.map((unit) => journal(guest, unit)));
  assert.fail(`not ready: ${said.join('\n').slice(-3_000)}`);
}

/** `expected`: mode, user and group, as in '640 root:deskmate-agent'. */
export async function owns(guest: Guest, file: string, expected: string): Promise<void> {
  assert.equal(await guest.must(`stat -c '%a %U:%G' ${file}`), expected, file);
}
