/** The running services: started, sandboxed, and ended abnormally. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { probe } from './probe.ts';
import { journal, owns, running, type Step, services, settled, show } from './step.ts';

const site = '/etc/deskmate/agent.json.d/10-site.json';
const agentJson = JSON.stringify({
  robot: 'robot-1',
  broker: 'mqtt://127.0.0.1:1883',
  brokerForPupils: 'wss://broker.example.org/mqtt',
  page: 'https://deskmate.example.org/',
});

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
      said.filter((line) => line.includes('/etc/deskmate/agent.json.d: robot:')).length,
      1,
    );
    await guest.must('systemctl stop deskmate.target; systemctl reset-failed');
  },
};

const start: Step = {
  title: 'configured for a laptop, all processes run as their users and answer',
  async run(guest) {
    for (const name of ['firmware', 'media'])
      await guest.write(`/etc/deskmate/${name}.json.d/10-board.json`, '{ "board": "laptop" }');
    await guest.write(site, agentJson);
    await guest.must('systemctl start deskmate.target');
    await running(guest);
    await owns(guest, '/run/deskmate/link/firmware.sock', '660 deskmate-firmware:deskmate');
    await owns(guest, '/run/deskmate-media/media.sock', '660 deskmate-media:deskmate-media');
    await owns(guest, '/run/deskmate/admin.sock', '600 deskmate-agent:deskmate');
    await owns(guest, site, '644 root:deskmate-agent');
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
    const media = await probe(guest, 'deskmate-media');
    for (const { writes, becomesRoot } of [firmware, agent, media]) {
      for (const place of ['/usr/lib/deskmate', '/etc/deskmate', '/root', '/home'])
        assert.notEqual(writes[place], 'yes', place);
      assert.equal(writes['/run/deskmate'] === 'yes', writes !== media.writes);
      assert.equal(becomesRoot, 'EPERM');
    }
    // Who could create the link's socket, or rename its folder, could keep firmware from starting.
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
    for (const file of ['/dev/i2c-9', '/dev/watchdog', '/dev/video9', '/dev/snd-seq', '/dev/mem'])
      assert.equal(agent.devices[file], 'EPERM', `agent opens ${file}`);
    // The process that parses pupils' network input has neither the keys nor access to firmware.
    assert.equal(media.user, 'deskmate-media');
    assert.equal(media.internet, 'yes');
    for (const place of ['agent', 'firmware'])
      assert.notEqual(media.writes[`/var/lib/deskmate/${place}`], 'yes');
    assert.notEqual(media.writes['/run/deskmate/link'], 'yes');
    assert.deepEqual(media.writableSysfs, []);
    for (const file of ['/dev/i2c-9', '/dev/watchdog', '/dev/mem'])
      assert.equal(media.devices[file], 'EPERM', `media opens ${file}`);
    for (const file of ['/dev/video9', '/dev/snd-seq', '/dev/mem'])
      assert.equal(firmware.devices[file], 'EPERM', `firmware opens ${file}`);
  },
};

const restart: Step = {
  title: 'a process that is killed comes back, also when it was a plain kill',
  async run(guest) {
    for (const signal of ['KILL', 'TERM', 'INT'])
      for (const unit of services) {
        const pid = await show(guest, unit, 'MainPID');
        await guest.must(`kill -${signal} ${pid}`);
        await settled(guest, unit, 'active', pid);
      }
    await running(guest);
    await guest.must('systemctl stop deskmate.target');
    for (const unit of services) await settled(guest, unit, 'inactive');
    await guest.must('systemctl start deskmate.target');
    await running(guest);
  },
};

const broken: Step = {
  title: 'files of the agent that are broken: it runs, says so, and is not started again and again',
  async run(guest) {
    const data = '/var/lib/deskmate/agent';
    await guest.must('systemctl stop deskmate-agent');
    await guest.must(`mkdir /root/kept && cp -a ${data}/. /root/kept`);
    await guest.must(`for file in ${data}/*.json ${data}/*.bak; do : > $file; done`);
    await guest.must('systemctl start deskmate-agent');
    await running(guest);
    await sleep(3_000);
    assert.equal(await show(guest, 'deskmate-agent', 'NRestarts'), '0');
    assert.match(await journal(guest, 'deskmate-agent'), /a damaged file was set aside/);
    await guest.must(
      `systemctl stop deskmate-agent; rm -r ${data}/* && cp -a /root/kept/. ${data}`,
    );
    await guest.must('rm -r /root/kept; systemctl start deskmate-agent');
    await running(guest);
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

export const serviceSteps: readonly Step[] = [
  unconfigured,
  start,
  priority,
  sandboxes,
  restart,
  broken,
  frozen,
];
