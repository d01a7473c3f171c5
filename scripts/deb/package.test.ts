import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { STOP_STEPS_MS } from '../../agent/agent.ts';
import { configFrom as agentFrom } from '../../agent/config.ts';
import { mallocEnvironment } from '../../agent/host/spawn.ts';
import { mediaConfigFrom } from '../../agent/media/config.ts';
import { configFrom as firmwareFrom } from '../../firmware/config.ts';
import { type Layer, mergeLayers } from '../../hal/common/config-layers.ts';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), 'root');
const text = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const before = path.join(root, '../install-test/v0.1.0');
const control = (name: string): string => readFileSync(path.join(root, '../control', name), 'utf8');
const unit = (name: string): string => text(`usr/lib/systemd/system/${name}.service`);
const defaults = (name: string): Layer => {
  const file = `usr/lib/deskmate/${name}.json`;
  return { file: `/${file}`, text: text(file) };
};
const site: Layer = {
  file: '/etc/deskmate/agent.json.d/10-site.json',
  text: text('usr/share/doc/deskmate/examples/10-site.json'),
};
const filledIn = {
  ...site,
  text: site.text.replaceAll('FILL IN: ', '').replace(/name of this robot[^"]*/, 'robot-1'),
};
const services = ['deskmate-firmware', 'deskmate-media', 'deskmate-agent'] as const;
const agentOf = (...layers: Layer[]) =>
  agentFrom(mergeLayers({ config: '/etc/deskmate/agent.json' }, layers), () => {}).config;
const mediaOf = (...layers: Layer[]) =>
  mediaConfigFrom(mergeLayers({ config: '/etc/deskmate/media.json' }, layers), () => {}).config;
const firmwareOf = (...layers: Layer[]) =>
  firmwareFrom(mergeLayers({ config: '/etc/deskmate/firmware.json' }, layers), () => {});

describe('first configuration', () => {
  it('of firmware is usable as it comes', () => {
    expect(firmwareOf(defaults('firmware')).board.name).toBe('deskmate-1');
  });

  it('of the agent wants its first value in a drop-in', () => {
    expect(() => agentOf(defaults('agent'))).toThrow(
      expect.objectContaining({ field: 'robot', file: '/etc/deskmate/agent.json.d' }),
    );
  });

  it('of the agent is refused at the first value of the example that must be filled in', () => {
    expect(() => agentOf(defaults('agent'), site)).toThrow(/: robot: expected 1-32 of a-z/);
  });

  it('of the agent is right once the example is filled in', () => {
    const agent = agentOf(defaults('agent'), filledIn);
    const media = mediaOf(defaults('media'));
    const firmware = firmwareOf(defaults('firmware'));
    expect(agent.link).toBe(firmware.link);
    expect(media.drivers).toBe(firmware.drivers);
    expect(agent.media).toBe(media.socket);
    expect(media.board).toBe(firmware.board.name);
  });

  it('says FILL IN for all that cannot be known, as postinst looks for it', () => {
    expect(site.text.match(/FILL IN/g)).toHaveLength(4);
    expect(control('postinst')).toContain("'FILL IN'");
  });

  it('has no default that would hide what was misspelt: that stays an error', () => {
    const bent = { file: 'bent.json', text: '{"ICE": {"servers": [], "policy": "relay"}}' };
    expect(() => agentOf(defaults('agent'), filledIn, bent)).toThrow(
      expect.objectContaining({ field: 'ICE', file: 'bent.json' }),
    );
  });

  it('of a robot of 0.1.0 becomes a drop-in of what was changed, as readable as it was', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'deskmate-carry-'));
    const old = path.join(folder, 'agent.json.dpkg-bak');
    const mediaDropIn = path.join(folder, 'media.json');
    const shipped = JSON.parse(readFileSync(path.join(before, 'agent.json'), 'utf8'));
    const theirs = { ...shipped, ...JSON.parse(filledIn.text), board: 'laptop' };
    const carried = (whole: string): string => {
      const to = path.join(folder, `${whole.length}.json`);
      writeFileSync(old, whole, { mode: 0o640 });
      const script = path.join(root, 'usr/lib/deskmate/carry-config.mjs');
      const now = (name: string): string => path.join(root, `usr/lib/deskmate/${name}.json`);
      const media = [now('media'), mediaDropIn];
      execFileSync(process.execPath, [script, old, now('agent'), to, ...media]);
      expect(statSync(to).mode & 0o777).toBe(0o640);
      return readFileSync(to, 'utf8');
    };
    const dropIn = carried(JSON.stringify(theirs));
    expect(JSON.parse(dropIn)).toEqual({
      ...JSON.parse(filledIn.text),
      ice: shipped.ice,
    });
    expect(JSON.parse(readFileSync(mediaDropIn, 'utf8'))).toEqual({ board: 'laptop' });
    expect(statSync(mediaDropIn).mode & 0o777).toBe(0o644);
    expect(agentOf(defaults('agent'), { file: 'd', text: dropIn })).toEqual(
      agentOf({ file: 'a', text: JSON.stringify(theirs) }),
    );
    expect(carried('{"robot": ')).toBe('{"robot": ');
    rmSync(folder, { recursive: true });
  });

  it('is nobody’s conffile', () => {
    expect(readdirSync(path.join(root, '../control'))).not.toContain('conffiles');
    expect(existsSync(path.join(root, 'etc/deskmate/agent.json'))).toBe(false);
    for (const name of ['agent', 'media', 'firmware'])
      expect(unit(`deskmate-${name}`)).toContain(
        ` --config /etc/deskmate/${name}.json --defaults /usr/lib/deskmate/${name}.json\n`,
      );
  });
});

describe('units', () => {
  it.each(['agent', 'media'])('start %s in the environment that it asks for', (process) => {
    for (const [name, value] of Object.entries(mallocEnvironment))
      expect(unit(`deskmate-${process}`)).toContain(`Environment=${name}=${value}\n`);
  });

  it.each(services)('do not start %s again when its configuration is wrong', (name) => {
    expect(unit(name)).toContain('\nRestartPreventExitStatus=78\n');
  });

  it.each(services)('start %s again however it ended, for ever', (name) => {
    expect(unit(name)).toContain('\nRestart=always\n');
    expect(unit(name)).toContain('\nStartLimitIntervalSec=0\n');
    // Firmware at once, each time: until it is back lines may keep a camera's power.
    expect(secondsOf(unit(name), 'RestartSec')).toBeLessThanOrEqual(2);
    const slowest = name === 'deskmate-firmware' ? undefined : 30;
    expect(secondsOf(unit(name), 'RestartMaxDelaySec')).toBe(slowest);
  });

  it('give all longer to stop than they give themselves', () => {
    const agentMs = Object.values(STOP_STEPS_MS).reduce((sum, ms) => sum + ms, 0);
    for (const name of services)
      expect(secondsOf(unit(name), 'TimeoutStopSec')).toBeGreaterThan(agentMs / 1_000);
  });

  it('do not wait for a network: the robot starts without', () => {
    for (const name of [...services, 'deskmate-shutdown'])
      expect(unit(name)).not.toMatch(/^[A-Z][A-Za-z]+=.*network-online/m);
  });

  it('take a request to switch off as the user who can have left it, and read nothing of it', () => {
    const lines = unit('deskmate-shutdown').split('\n');
    expect(lines).toContain('User=deskmate-firmware');
    const commands = lines.filter((line) => line.startsWith('Exec'));
    const asRoot = commands.filter((line) => /^Exec[A-Za-z]+=[-@:!]*\+/.test(line));
    expect(asRoot).toEqual(['ExecStart=+/usr/bin/systemctl poweroff']);
    for (const line of asRoot) expect(line).not.toContain('/run/');
    expect(commands.join()).not.toMatch(/cat|less|head|sh -c/);
  });

  it('run nothing else as root: every service has a user of its own', () => {
    const folder = path.join(root, 'usr/lib/systemd/system');
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.service')))
      expect(readFileSync(path.join(folder, file), 'utf8')).toMatch(/^User=deskmate-/m);
  });

  it.each(['agent', 'media'])('give %s neither I2C nor GPIO', (name) => {
    expect(unit(`deskmate-${name}`)).toContain('\nDevicePolicy=closed\n');
    expect(unit(`deskmate-${name}`)).not.toMatch(/DeviceAllow=.*(i2c|gpio)/);
    expect(groupsOf(`deskmate-${name}`)).not.toEqual(expect.arrayContaining(['i2c', 'gpio']));
  });

  it('give the agent, which has the keys, no device at all', () => {
    expect(unit('deskmate-agent')).not.toContain('DeviceAllow');
    expect(groupsOf('deskmate-agent')).toEqual(['deskmate', 'deskmate-media']);
  });

  it('give media, which has the devices, neither keys nor a way to firmware', () => {
    expect(groupsOf('deskmate-media')).toEqual(['video', 'audio', 'render']);
    expect(unit('deskmate-media')).not.toMatch(
      /^(StateDirectory|ReadWritePaths)=.*deskmate\b(?!-media)/m,
    );
    expect(unit('deskmate-media')).toMatch(
      /^InaccessiblePaths=.*\/var\/lib\/deskmate .*\/run\/deskmate /m,
    );
  });

  // Tenths of systemd's exposure; it calls up to 4.9 OK.
  it.skipIf(!has('systemd-analyze')).each([
    ['deskmate-firmware', 10],
    ['deskmate-media', 20],
    ['deskmate-agent', 20],
  ])('%s is exposed by no more than %i tenths', (name, threshold) => {
    const file = path.join(root, `usr/lib/systemd/system/${name}.service`);
    const judge = ['security', '--offline=true', '--no-pager', `--threshold=${threshold}`, file];
    const { status, stdout, stderr } = spawnSync('systemd-analyze', judge, { encoding: 'utf8' });
    expect(status, `${stdout}${stderr}`).toBe(0);
  });
});

describe('scripts of the package', () => {
  const scripts = [
    'control/preinst',
    'control/postinst',
    'control/prerm',
    'control/postrm',
    'root/usr/bin/deskmate',
    'root/usr/lib/deskmate/grant-sysfs',
  ];

  it.each(scripts)('%s is shell without an error of syntax', (script) => {
    execFileSync('sh', ['-n', path.join(root, '..', script)]);
  });
});

/** Beside its own. */
const groupsOf = (user: string): string[] =>
  text('usr/lib/sysusers.d/deskmate.conf')
    .split('\n')
    .flatMap((line) => {
      const [kind, name, group = ''] = line.split(/\s+/);
      return kind === 'm' && name === user ? [group] : [];
    });

/** Undefined when the unit does not say. */
function secondsOf(text: string, key: string): number | undefined {
  const [, value, ms] = new RegExp(`^${key}=(\\d+)(ms)?$`, 'm').exec(text) ?? [];
  if (value === undefined) return undefined;
  return ms === undefined ? Number(value) : Number(value) / 1_000;
}

function has(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}
