import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { STOP_STEPS_MS } from '../../agent/agent.ts';
import { parseConfig as parseAgent } from '../../agent/config.ts';
import { agentEnvironment } from '../../agent/host/spawn.ts';
import { parseConfig as parseFirmware } from '../../firmware/config.ts';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), 'root');
const text = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const unit = (name: string): string => text(`usr/lib/systemd/system/${name}.service`);
const agentJson = text('etc/deskmate/agent.json');
const services = ['deskmate-firmware', 'deskmate-agent'] as const;

describe('first configuration', () => {
  it('of firmware is usable as it comes', () => {
    const config = parseFirmware(text('etc/deskmate/firmware.json'), '/etc/deskmate/firmware.json');
    expect(config.board.name).toBe('deskmate-1');
  });

  it('of the agent is refused at the first value that must be filled in', () => {
    expect(() => parseAgent(agentJson)).toThrow(/^robot: expected 1-32 of a-z/);
  });

  it('of the agent is right once its examples are filled in', () => {
    const filled = agentJson
      .replaceAll('FILL IN: ', '')
      .replace(/name of this robot[^"]*/, 'robot-1');
    const agent = parseAgent(filled);
    const firmware = parseFirmware(
      text('etc/deskmate/firmware.json'),
      '/etc/deskmate/firmware.json',
    );
    expect(agent.link).toBe(firmware.link);
    expect(agent.drivers).toBe(firmware.drivers);
  });

  it('says FILL IN for all that cannot be known, as postinst looks for it', () => {
    expect(agentJson.match(/FILL IN/g)).toHaveLength(4);
    const postinst = readFileSync(path.join(root, '../control/postinst'), 'utf8');
    expect(postinst).toContain("'FILL IN'");
  });
});

describe('units', () => {
  it('start the agent in the environment that it asks for', () => {
    for (const [name, value] of Object.entries(agentEnvironment))
      expect(unit('deskmate-agent')).toContain(`Environment=${name}=${value}\n`);
  });

  it.each(services)('do not start %s again when its configuration is wrong', (name) => {
    expect(unit(name)).toContain('\nRestartPreventExitStatus=78\n');
  });

  it.each(services)('start %s again however it ended, for ever', (name) => {
    expect(unit(name)).toContain('\nRestart=always\n');
    expect(unit(name)).toContain('\nStartLimitIntervalSec=0\n');
    // Firmware at once, each time: until it is back lines may keep a camera's power.
    expect(secondsOf(unit(name), 'RestartSec')).toBeLessThanOrEqual(2);
    const slowest = name === 'deskmate-agent' ? 30 : undefined;
    expect(secondsOf(unit(name), 'RestartMaxDelaySec')).toBe(slowest);
  });

  it('give both longer to stop than they give themselves', () => {
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

  it('give the agent neither I2C nor GPIO', () => {
    expect(unit('deskmate-agent')).toContain('\nDevicePolicy=closed\n');
    expect(unit('deskmate-agent')).not.toMatch(/DeviceAllow=.*(i2c|gpio)/);
    expect(text('usr/lib/sysusers.d/deskmate.conf')).not.toMatch(/^m deskmate-agent\s+(i2c|gpio)/m);
  });

  // Tenths of systemd's exposure; it calls up to 4.9 OK.
  it.skipIf(!has('systemd-analyze')).each([
    ['deskmate-firmware', 10],
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

/** Undefined when the unit does not say. */
function secondsOf(text: string, key: string): number | undefined {
  const [, value, ms] = new RegExp(`^${key}=(\\d+)(ms)?$`, 'm').exec(text) ?? [];
  if (value === undefined) return undefined;
  return ms === undefined ? Number(value) : Number(value) / 1_000;
}

function has(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}
