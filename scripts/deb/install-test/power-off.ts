import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Guest } from './guest.ts';
import { journal, type Step } from './step.ts';

const DROP_IN = '/run/systemd/system/deskmate-shutdown.service.d/test.conf';
const MARK = '/run/would-power-off';
const FOLDER = '/run/deskmate/firmware';
const REQUEST = `${FOLDER}/shutdown`;

/** Something only root may read, and a file of that name that only root may delete. */
const SECRET = '/root/secret';
const TREASURE = '/opt/treasure';

/** Objects in place of a request file that a hostile firmware could create. */
const requests: Readonly<Record<string, string>> = {
  'a file': `echo battery > ${REQUEST}`,
  'a link to a file of root': `ln -s ${SECRET} ${REQUEST}`,
  'a pipe that nobody writes to': `mkfifo ${REQUEST}`,
  'a folder': `mkdir -p ${REQUEST}/deep && touch ${REQUEST}/deep/file`,
};

/** Its folder is a mount of its own (run-deskmate-firmware.mount): nothing else comes in its place. */
const REPLACE = `mv ${FOLDER} ${FOLDER}-aside && ln -s ${TREASURE} ${FOLDER}`;

export const powerOff: Step = {
  title:
    'a shutdown that firmware asks for is carried out, by whatever it asks; root follows no link',
  async run(guest) {
    assert.equal(await guest.must('systemctl is-active deskmate-shutdown.path'), 'active');
    await guest.must(`mkdir -p ${DROP_IN.replace(/\/[^/]*$/, '')}`);
    await guest.write(DROP_IN, `[Service]\nExecStart=\nExecStart=+/usr/bin/touch ${MARK}\n`);
    await guest.must('systemctl daemon-reload');
    await guest.must(`(umask 077; echo of-root-alone > ${SECRET})`);
    await guest.must(`mkdir -p ${TREASURE} && touch ${TREASURE}/shutdown`);
    for (const [what, make] of Object.entries(requests)) await askedBy(guest, what, make);
    await guest.must(`mountpoint -q ${FOLDER}`);
    const { code } = await guest.run(asFirmware(REPLACE));
    assert.notEqual(code, 0, 'firmware puts a link in the place of its folder');
    assert.doesNotMatch(await journal(guest, 'deskmate-shutdown'), /of-root-alone/);
    await guest.must(`test -s ${SECRET} && test -e ${TREASURE}/shutdown`);
    await guest.must(`rm -r ${SECRET} ${TREASURE} ${DROP_IN} && systemctl daemon-reload`);
  },
};

const asFirmware = (command: string): string =>
  `setpriv --reuid deskmate-firmware --regid deskmate-firmware --groups "$(getent group deskmate | cut -d: -f3)" sh -c '${command}'`;

async function askedBy(guest: Guest, what: string, make: string): Promise<void> {
  await guest.must(asFirmware(make));
  for (let tries = 0; tries < 60; tries++) {
    if ((await guest.run(`test -e ${MARK}`)).code === 0) break;
    await sleep(250);
  }
  await guest.must(`test -e ${MARK}`).catch((error: unknown) => {
    throw new Error(`asked by ${what}: ${String(error)}`);
  });
  await guest.must(`! test -e ${REQUEST}`);
  await guest.must(
    `while systemctl is-active -q deskmate-shutdown || [ "$(systemctl show --value -p ActiveState deskmate-shutdown)" = activating ]; do sleep 0.2; done; rm -f ${MARK}`,
  );
}
