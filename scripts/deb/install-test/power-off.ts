import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Step } from './step.ts';

const DROP_IN = '/run/systemd/system/deskmate-shutdown.service.d/test.conf';
const MARK = '/run/would-power-off';

export const powerOff: Step = {
  title: 'a shutdown that firmware asks for is carried out, once, by systemd',
  async run(guest) {
    assert.equal(await guest.must('systemctl is-active deskmate-shutdown.path'), 'active');
    await guest.must(`mkdir -p ${DROP_IN.replace(/\/[^/]*$/, '')}`);
    await guest.write(DROP_IN, `[Service]\nExecStart=\nExecStart=/usr/bin/touch ${MARK}\n`);
    await guest.must('systemctl daemon-reload');
    const file = '/run/deskmate/firmware/shutdown';
    await guest.must(
      `setpriv --reuid deskmate-firmware --regid deskmate --clear-groups sh -c 'echo battery > ${file}'`,
    );
    for (let tries = 0; tries < 60; tries++) {
      if ((await guest.run(`test -e ${MARK}`)).code === 0) break;
      await sleep(250);
    }
    await guest.must(`test -e ${MARK} && ! test -e ${file}`);
    await guest.must(`rm -r ${MARK} ${DROP_IN} && systemctl daemon-reload`);
  },
};
