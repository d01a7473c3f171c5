import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Guest } from './guest.ts';
import { powerOff } from './power-off.ts';
import { probe } from './probe.ts';
import type { Step } from './step.ts';

const services = ['deskmate-firmware', 'deskmate-agent'] as const;

const agentJson = JSON.stringify({
  robot: 'robot-1',
  broker: 'mqtt://127.0.0.1:1883',
  brokerForPupils: 'wss://broker.example.org/mqtt',
  page: 'https://deskmate.example.org/',
  link: '/run/deskmate/link/firmware.sock',
  admin: '/run/deskmate/admin.sock',
  data: '/var/lib/deskmate/agent',
  drivers: '/usr/lib/deskmate/linux-drivers.js',
  board: 'laptop',
  logLevel: 'info',
});

const calibration = '/var/lib/deskmate/firmware/calibration.json';

const cleanInstall: Step = {
  title: 'clean install: users, folders, modes; enabled, and not started before it is configured',
  async run(guest) {
    const said = await guest.must(
      'apt-get install -y -qq --no-install-recommends /inbox/older.deb',
    );
    assert.match(said, /fill in \/etc\/deskmate\/agent\.json/);
    assert.match(
      await guest.must('id deskmate-firmware'),
      /\(deskmate\).*\(i2c\).*\(gpio\)|\(i2c\)/,
    );
    const agent = await guest.must('id -nG deskmate-agent');
    assert.deepEqual(agent.split(' ').sort(), [
      'audio',
      'deskmate',
      'deskmate-agent',
      'render',
      'video',
    ]);
    const firmware = await guest.must('id -nG deskmate-firmware');
    assert.deepEqual(firmware.split(' ').sort(), ['deskmate', 'deskmate-firmware', 'gpio', 'i2c']);
    await owns(guest, '/etc/deskmate/agent.json', '640 root:deskmate-agent');
    await owns(guest, '/etc/deskmate/firmware.json', '644 root:root');
    await owns(guest, '/var/lib/deskmate/firmware', '750 deskmate-firmware:deskmate-firmware');
    await owns(guest, '/var/lib/deskmate/agent', '700 deskmate-agent:deskmate-agent');
    await owns(guest, '/run/deskmate', '3770 root:deskmate');
    await owns(guest, '/run/deskmate/link', '2750 deskmate-firmware:deskmate');
    await owns(guest, '/run/deskmate/firmware', '700 deskmate-firmware:deskmate-firmware');
    await owns(guest, '/usr/lib/deskmate/bin/node', '755 root:root');
    for (const unit of ['deskmate.target', 'deskmate-firmware.service', 'deskmate-agent.service'])
      assert.equal(await guest.must(`systemctl is-enabled ${unit}`), 'enabled');
    for (const unit of services) assert.equal(await state(guest, unit), 'inactive');
    assert.equal(await guest.must('find /usr/lib/deskmate -perm /o+w ! -type l'), '');
  },
};

const command: Step = {
  title: 'the deskmate command, its manual, and every native add-on load',
  async run(guest) {
    assert.match(await guest.must('deskmate version'), /^deskmate \d+\.\d+\.\d+\S* \(Node 24\./);
    assert.match(await guest.must('zcat /usr/share/man/man1/deskmate.1.gz'), /deskmate invite/);
    const addons = await guest.must("find /usr/lib/deskmate/node_modules -name '*.node'");
    for (const name of [
      'i2c.node',
      'epoll.node',
      'node-libgpiod.node',
      'unix_dgram.node',
      'wrtc.node',
    ])
      assert.ok(addons.includes(`/${name}`), `${name} is missing`);
    const load = `for (const file of ${JSON.stringify(addons.split('\n'))}) require(file); process.exit(0)`;
    await guest.must(`/usr/lib/deskmate/bin/node --input-type=commonjs -e '${load}'`);
  },
};

const units: Step = {
  title: 'systemd finds nothing wrong with the units, udev nothing with the rules',
  async run(guest) {
    const files = services.map((unit) => `/usr/lib/systemd/system/${unit}.service`).join(' ');
    const said = await guest.must(`systemd-analyze verify --man=no ${files} deskmate.target`);
    assert.doesNotMatch(said, /deskmate/);
    // It reads all rules, and complains of a wrong one as FILE:LINE.
    const { text } = await guest.run('udevadm test --action=add /sys/class/mem/null');
    const complaints = text.split('\n').filter((line) => line.includes('70-deskmate.rules:'));
    assert.deepEqual(complaints, []);
  },
};

const unconfigured: Step = {
  title: 'an agent that nobody configured says one line and is not started again and again',
  async run(guest) {
    await guest.run('systemctl start deskmate-agent');
    await settled(guest, 'deskmate-agent', 'failed');
    await sleep(3_000);
    assert.equal(await show(guest, 'deskmate-agent', 'NRestarts'), '0');
    assert.equal(await show(guest, 'deskmate-agent', 'ExecMainStatus'), '78');
    const said = (await journal(guest, 'deskmate-agent')).split('\n');
    assert.equal(
      said.filter((line) => line.includes('/etc/deskmate/agent.json: robot:')).length,
      1,
    );
    await guest.must('systemctl stop deskmate.target; systemctl reset-failed');
  },
};

const start: Step = {
  title: 'configured for a laptop, both processes run as their users and answer',
  async run(guest) {
    await guest.must("sed -i 's/deskmate-1/laptop/' /etc/deskmate/firmware.json");
    await guest.write('/etc/deskmate/agent.json', agentJson);
    await guest.must('systemctl start deskmate.target');
    await running(guest);
    await owns(guest, '/run/deskmate/link/firmware.sock', '660 deskmate-firmware:deskmate');
    await owns(guest, '/run/deskmate/admin.sock', '600 deskmate-agent:deskmate');
    await owns(guest, '/etc/deskmate/agent.json', '640 root:deskmate-agent');
    assert.match(await guest.must('deskmate status --lang en'), /robot-1/);
  },
};

const priority: Step = {
  title: 'firmware runs under SCHED_FIFO 50, all of its threads',
  async run(guest) {
    const threads = await guest.must(
      `chrt -a -p ${await show(guest, 'deskmate-firmware', 'MainPID')}`,
    );
    const policies = threads.match(/SCHED_\w+/g) ?? [];
    assert.ok(policies.length > 1, threads);
    assert.deepEqual([...new Set(policies)], ['SCHED_FIFO']);
  },
};

const sandboxes: Step = {
  title: 'sandboxes: no writing outside their data, no foreign device, firmware without network',
  async run(guest) {
    const firmware = await probe(guest, 'deskmate-firmware');
    const agent = await probe(guest, 'deskmate-agent');
    for (const { writes, becomesRoot } of [firmware, agent]) {
      for (const place of ['/usr/lib/deskmate', '/etc/deskmate', '/root', '/home'])
        assert.notEqual(writes[place], 'yes', place);
      assert.equal(writes['/run/deskmate'], 'yes');
      assert.equal(becomesRoot, 'EPERM');
    }
    // Whoever could make the link's socket, or put its folder aside, could keep firmware from starting.
    assert.equal(firmware.writes['/run/deskmate/link'], 'yes');
    assert.equal(agent.writes['/run/deskmate/link'], 'EACCES');
    assert.equal(agent.movesLink, 'EPERM');
    assert.equal(firmware.user, 'deskmate-firmware');
    assert.match(firmware.policy, /SCHED_FIFO/);
    assert.equal(firmware.writes['/var/lib/deskmate/firmware'], 'yes');
    assert.notEqual(firmware.writes['/var/lib/deskmate/agent'], 'yes');
    // Stuck buses are recovered, and GPIO of older kernels reached, by files of sysfs.
    assert.ok(firmware.writableSysfs.includes('/sys/devices/platform'));
    assert.deepEqual(agent.writableSysfs, []);
    assert.equal(firmware.internet, 'EAFNOSUPPORT');
    assert.equal(agent.user, 'deskmate-agent');
    assert.equal(agent.writes['/var/lib/deskmate/agent'], 'yes');
    assert.notEqual(agent.writes['/var/lib/deskmate/firmware'], 'yes');
    assert.equal(agent.internet, 'yes');
    for (const file of ['/dev/i2c-9', '/dev/watchdog', '/dev/mem'])
      assert.equal(agent.devices[file], 'EPERM', `agent opens ${file}`);
    for (const file of ['/dev/video9', '/dev/snd-seq', '/dev/mem'])
      assert.equal(firmware.devices[file], 'EPERM', `firmware opens ${file}`);
  },
};

const frozen: Step = {
  title: 'a process that is frozen is ended by systemd and comes back',
  async run(guest) {
    for (const unit of services) {
      const pid = await show(guest, unit, 'MainPID');
      await guest.must(`kill -STOP ${pid}`);
      await settled(guest, unit, 'active', pid);
      assert.match(await journal(guest, unit), /Watchdog timeout/);
    }
  },
};

const restart: Step = {
  title: 'a process that is killed comes back',
  async run(guest) {
    for (const unit of services) {
      const pid = await show(guest, unit, 'MainPID');
      await guest.must(`kill -KILL ${pid}`);
      await settled(guest, unit, 'active', pid);
    }
    await running(guest);
  },
};

const upgrade: Step = {
  title: 'upgrade: configuration, calibration and records stay; both run the new code',
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
    await owns(guest, '/etc/deskmate/agent.json', '640 root:deskmate-agent');
    assert.equal(await guest.must('dpkg --verify deskmate | grep -v " c /etc/" || true'), '');
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
    await guest.must('apt-get purge -y -qq deskmate');
    const left = await guest.must(
      "find / -xdev \\( -path /proc -o -path /sys -o -path /tmp -o -path /inbox \\) -prune -o -name '*deskmate*' -print",
    );
    const ours = left.split('\n').filter((file) => file !== '' && !/^\/var\/log\//.test(file));
    assert.deepEqual(ours, []);
    assert.equal(await guest.must('grep deskmate /etc/passwd /etc/group /etc/shadow || true'), '');
    assert.equal(await guest.must('ls /run | grep deskmate || true'), '');
    assert.equal(await guest.must("ps -eo args | grep '[/]usr/lib/deskmate' || true"), '');
  },
};

export const steps: readonly Step[] = [
  ...[cleanInstall, command, units, unconfigured, start, priority, sandboxes],
  ...[restart, frozen, powerOff, upgrade, remove, again, purge],
];

async function owns(guest: Guest, file: string, expected: string): Promise<void> {
  assert.equal(await guest.must(`stat -c '%a %U:%G' ${file}`), expected, file);
}

async function keptAll(guest: Guest): Promise<void> {
  assert.match(await guest.must('cat /etc/deskmate/agent.json'), /robot-1/);
  assert.match(await guest.must('cat /etc/deskmate/firmware.json'), /laptop/);
  assert.equal(await guest.must(`cat ${calibration} /var/lib/deskmate/agent/kept`), '{}\nkept');
}

const state = async (guest: Guest, unit: string): Promise<string> =>
  (await guest.run(`systemctl is-active ${unit}`)).text;

const show = (guest: Guest, unit: string, property: string): Promise<string> =>
  guest.must(`systemctl show --value -p ${property} ${unit}`);

const journal = (guest: Guest, unit: string): Promise<string> =>
  guest.must(`journalctl --sync; journalctl -u ${unit} -o cat --no-pager`);

/** Waits until a unit is as expected, and its process another than `old`. */
async function settled(guest: Guest, unit: string, expected: string, old = ''): Promise<void> {
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

/** Both up, for long enough to have said `ready` and opened their sockets. */
async function running(guest: Guest): Promise<void> {
  for (const unit of services) await settled(guest, unit, 'active');
  for (let tries = 0; tries < 100; tries++) {
    const { code } = await guest.run('deskmate status');
    const link = await guest.run('test -S /run/deskmate/link/firmware.sock');
    if (code === 0 && link.code === 0) return;
    await sleep(200);
  }
  const said = await Promise.all(services.map((unit) => journal(guest, unit)));
  assert.fail(`not ready: ${said.join('\n').slice(-3_000)}`);
}
