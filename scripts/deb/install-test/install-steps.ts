/** What must hold once the package is installed and not yet configured. */
import assert from 'node:assert/strict';
import { owns, type Step, services, settled, state } from './step.ts';

const CONFFILES = `dpkg-query -W -f='\${Conffiles}' deskmate`;

/** As much of 0.1.0 as dpkg knows of it: two conffiles. */
const fromConffiles: Step = {
  title: 'upgrade from 0.1.0: an untouched conffile goes, a changed one becomes a drop-in',
  async run(guest) {
    await guest.must('dpkg -i /inbox/conffiles.deb');
    const bent = 's/FILL IN: name[^"]*/robot-7/; s/FILL IN: //; s/deskmate-1/laptop/';
    await guest.must(
      `sed -i '${bent}' /etc/deskmate/agent.json; chmod 640 /etc/deskmate/agent.json`,
    );
    const said = await guest.must(
      'apt-get install -y -qq --no-install-recommends /inbox/newer.deb',
    );
    const dropIn = '/etc/deskmate/agent.json.d/50-from-0.1.0.json';
    assert.match(said, /your \/etc\/deskmate\/agent\.json is now .*50-from-0\.1\.0\.json/);
    assert.doesNotMatch(said, /firmware\.json is now|fill in/);
    const files = (await guest.must('find /etc/deskmate -type f | sort')).split('\n');
    const ofMedia = '/etc/deskmate/media.json.d/50-from-0.1.0.json';
    assert.deepEqual(files, [dropIn, '/etc/deskmate/agent.json.dpkg-old', ofMedia]);
    assert.deepEqual(JSON.parse(await guest.must(`cat ${ofMedia}`)), { board: 'laptop' });
    await owns(guest, ofMedia, '644 root:root');
    const kept = JSON.parse(await guest.must(`cat ${dropIn}`));
    assert.deepEqual(Object.keys(kept).sort(), [
      ...['broker', 'brokerForPupils', 'ice', 'page', 'robot'],
    ]);
    await owns(guest, dropIn, '640 root:deskmate-agent');
    const conffiles = await guest.must(CONFFILES);
    assert.doesNotMatch(conffiles, /\/etc\/deskmate(?!.*obsolete)/);
    await settled(guest, 'deskmate-agent', 'active');
    assert.match(await guest.must('deskmate status --lang en'), /robot-7/);
    // Once removed by the administrator, it is not restored.
    await guest.must(`rm ${dropIn}`);
    await guest.must('apt-get install -y -qq --reinstall --no-install-recommends /inbox/newer.deb');
    assert.equal((await guest.run(`ls ${dropIn}`)).code, 2);
    await guest.must('apt-get purge -y -qq deskmate');
    assert.equal((await guest.run('ls /etc/deskmate')).code, 2);
  },
};

const cleanInstall: Step = {
  title: 'clean install: users, folders, modes; enabled, and not started before it is configured',
  async run(guest) {
    const said = await guest.must(
      'apt-get install -y -qq --no-install-recommends /inbox/older.deb',
    );
    assert.match(said, /fill in \/etc\/deskmate\/agent\.json\.d\/10-site\.json/);
    assert.match(
      await guest.must('id deskmate-firmware'),
      /\(deskmate\).*\(i2c\).*\(gpio\)|\(i2c\)/,
    );
    const agent = await guest.must('id -nG deskmate-agent');
    assert.deepEqual(agent.split(' ').sort(), ['deskmate', 'deskmate-agent', 'deskmate-media']);
    const media = await guest.must('id -nG deskmate-media');
    assert.deepEqual(media.split(' ').sort(), ['audio', 'deskmate-media', 'render', 'video']);
    const firmware = await guest.must('id -nG deskmate-firmware');
    assert.deepEqual(firmware.split(' ').sort(), ['deskmate', 'deskmate-firmware', 'gpio', 'i2c']);
    await owns(guest, '/etc/deskmate/agent.json.d', '2750 root:deskmate-agent');
    for (const name of ['firmware', 'media'])
      await owns(guest, `/etc/deskmate/${name}.json.d`, '755 root:root');
    assert.equal(await guest.must('find /etc/deskmate -type f'), '');
    assert.equal(await guest.must(CONFFILES), '');
    await owns(guest, '/var/lib/deskmate/firmware', '750 deskmate-firmware:deskmate-firmware');
    await owns(guest, '/var/lib/deskmate/agent', '700 deskmate-agent:deskmate-agent');
    await owns(guest, '/run/deskmate', '3770 root:deskmate');
    await owns(guest, '/run/deskmate/link', '2750 deskmate-firmware:deskmate');
    await owns(guest, '/run/deskmate-media', '2750 deskmate-media:deskmate-media');
    await owns(guest, '/run/deskmate/firmware', '700 deskmate-firmware:deskmate-firmware');
    await owns(guest, '/usr/lib/deskmate/bin/node', '755 root:root');
    for (const unit of ['deskmate.target', ...services.map((name) => `${name}.service`)])
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
    // From systemd 254 on; older versions warn and ignore them.
    const newer = /Unknown key (name )?'Restart(Steps|MaxDelaySec)' in section \S+, ignoring/;
    const complaints = said.split('\n').filter((line) => /deskmate/.test(line));
    assert.deepEqual(
      complaints.filter((line) => !newer.test(line)),
      [],
    );
    // It reads all rules, and complains of a wrong one as FILE:LINE.
    const { text } = await guest.run('udevadm test --action=add /sys/class/mem/null');
    const ofRules = text.split('\n').filter((line) => line.includes('70-deskmate.rules:'));
    assert.deepEqual(ofRules, []);
  },
};

export const installSteps: readonly Step[] = [fromConffiles, cleanInstall, command, units];
