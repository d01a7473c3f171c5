/** Upgrade, removal, reinstallation and purge on a configured robot: what is kept and removed. */
import assert from 'node:assert/strict';
import type { Guest } from './guest.ts';
import { journal, owns, running, type Step, services, show, state } from './step.ts';

const calibration = '/var/lib/deskmate/firmware/calibration.json';

const upgrade: Step = {
  title: 'upgrade: configuration, calibration and records stay; all run the new code',
  async run(guest) {
    await guest.must(`su -s /bin/sh deskmate-firmware -c 'echo {} > ${calibration}'`);
    await guest.must("su -s /bin/sh deskmate-agent -c 'echo kept > /var/lib/deskmate/agent/kept'");
    const before = await Promise.all(services.map((unit) => show(guest, unit, 'MainPID')));
    await guest.must('apt-get install -y -qq --no-install-recommends /inbox/newer.deb');
    await running(guest);
    const after = await Promise.all(services.map((unit) => show(guest, unit, 'MainPID')));
    for (const [at, unit] of services.entries())
      assert.notEqual(before[at], after[at], `${unit} still runs old code`);
    await keptAll(guest);
    await owns(guest, '/etc/deskmate/agent.json.d', '2750 root:deskmate-agent');
    assert.equal(await guest.must('dpkg --verify deskmate | grep -v " c /etc/" || true'), '');
  },
};

/** A version whose firmware kept a pause in the plain folder, as 0.1.0 did. */
const pauseGoesOn: Step = {
  title: 'upgrade from before firmware had memory of its own: a pause that was made goes on',
  async run(guest) {
    const mount = 'run-deskmate-firmware.mount';
    const folder = '/run/deskmate/firmware';
    await guest.must(`systemctl stop deskmate-firmware ${mount}`);
    await guest.must(`systemctl mask --runtime ${mount} && systemctl start deskmate-firmware`);
    await running(guest);
    const pause = '{"paused":true,"sessionSeen":true}';
    await guest.must(`rm -f ${folder}/begun; echo '${pause}' > ${folder}/pause.json`);
    await guest.must(`! mountpoint -q ${folder}; systemctl unmask --runtime ${mount}`);
    await guest.must('apt-get install -y -qq --reinstall --no-install-recommends /inbox/newer.deb');
    await running(guest);
    await guest.must(`mountpoint -q ${folder}`);
    assert.match(await guest.must(`cat ${folder}/pause.json`), /"paused":true/);
    await owns(guest, `${folder}/pause.json`, '600 deskmate-firmware:deskmate-firmware');
    assert.match(await journal(guest, 'deskmate-firmware'), /"restore","to":"paused"/);
    await guest.must(`rm -f ${folder}/pause.json ${folder}/begun`);
    await guest.must('systemctl restart deskmate-firmware');
    await running(guest);
  },
};

const remove: Step = {
  title: 'remove: stopped and gone; configuration and data stay',
  async run(guest) {
    await guest.must('apt-get remove -y -qq deskmate');
    for (const unit of services) assert.equal(await state(guest, unit), 'inactive');
    assert.notEqual((await guest.run('ls /usr/lib/deskmate /usr/bin/deskmate')).code, 0);
    assert.equal(await guest.must('ls /run/deskmate 2>/dev/null || true'), '');
    await keptAll(guest);
  },
};

const again: Step = {
  title: 'installed again it runs at once, as it was configured',
  async run(guest) {
    await guest.must('apt-get install -y -qq --no-install-recommends /inbox/newer.deb');
    await running(guest);
    await keptAll(guest);
  },
};

const purge: Step = {
  title: 'purge: no file, no user, no unit left',
  async run(guest) {
    const said = await guest.must('apt-get purge -y -qq deskmate');
    const left = await guest.must(
      "find / -xdev \\( -path /proc -o -path /sys -o -path /tmp -o -path /inbox \\) -prune -o -name '*deskmate*' -print",
    );
    const ours = left.split('\n').filter((file) => file !== '' && !/^\/var\/log\//.test(file));
    assert.deepEqual(ours, []);
    const users = await guest.must('grep deskmate /etc/passwd /etc/group /etc/shadow || true');
    assert.equal(users, '', `${said}\nleft: ${users}`);
    assert.equal(await guest.must('ls /run | grep deskmate || true'), '');
    assert.equal(await guest.must("ps -eo args | grep '[/]usr/lib/deskmate' || true"), '');
  },
};

export const lifecycleSteps: readonly Step[] = [upgrade, pauseGoesOn, remove, again, purge];

async function keptAll(guest: Guest): Promise<void> {
  assert.match(await guest.must('cat /etc/deskmate/agent.json.d/10-site.json'), /robot-1/);
  assert.match(await guest.must('cat /etc/deskmate/firmware.json.d/10-board.json'), /laptop/);
  assert.equal(await guest.must(`cat ${calibration} /var/lib/deskmate/agent/kept`), '{}\nkept');
}
