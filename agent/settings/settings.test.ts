import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absentWifi } from '../../hal/absent/wifi-settings.ts';
import { sections } from '../wire/settings.ts';
import { checkSection, sectionNames } from './section-check.ts';
import { SETTINGS_FILE } from './settings-store.ts';
import { SettingsBench } from './testing/settings-bench.ts';

const turn = {
  policy: 'relay',
  servers: [
    { urls: ['turn:relay.example:3478'], secret: 'hush-hush' },
    { urls: ['turns:relay.example:443'], username: 'u-name', credential: 'c-word' },
  ],
};
const limits = { maxVolume: 0.5 };

describe('settings', () => {
  it('take effect, are reported, and are in force after a restart', async () => {
    const at = await new SettingsBench().start();
    expect(at.reported.sections.name).toEqual({ version: 0, state: 'applied' });
    expect(await at.set('name', 3, { name: 'Robin' })).toMatchObject({ ok: true });
    expect(await at.set('limits', 1, limits)).toMatchObject({ ok: true });
    expect(await at.set('privacy', 1, { timetableOnly: true })).toMatchObject({});
    expect(await at.set('log', 9, { level: 'debug' })).toMatchObject({ ok: true });
    expect(await at.set('turn', 2, turn)).toMatchObject({ ok: true });
    for (let life = 0; life < 2; life++) {
      const { name, limits: limit, privacy } = at.side;
      expect(name.current).toBe('Robin');
      expect(limit.maxVolume).toBe(0.5);
      expect(privacy.timetableOnly).toBe(true);
      expect(at.levels.at(-1)).toBe('debug');
      expect([at.ice.policy, at.ice.forRobot().length]).toEqual(['relay', 2]);
      expect(at.reported.sections.name).toEqual({
        ...{ version: 3, state: 'applied', value: { name: 'Robin' } },
      });
      at.ice.use(undefined);
      await at.start();
    }
  });

  it('are refused as a whole: the last good one stays', async () => {
    const at = await new SettingsBench().start();
    await at.set('turn', 2, turn);
    const bad = { ...turn, servers: [turn.servers[0], { urls: ['turn:x y'], secret: 's' }] };
    const refused = await at.set('turn', 3, bad);
    expect(refused).toMatchObject({ ok: false });
    expect(JSON.stringify(refused)).toMatch(/malformed: servers\.1\.urls/);
    expect(at.ice.forRobot()).toHaveLength(2);
    expect(at.reported.sections.turn).toMatchObject({ version: 2, state: 'rejected', tried: 3 });
    expect(await at.set('turn', 1, turn)).toMatchObject({
      reason: expect.stringMatching(/^older: /),
    });
    expect(await at.set('turn', 2, { ...turn, policy: 'all' })).toMatchObject({
      reason: expect.stringMatching(/^conflict: /),
    });
    expect(await at.set('colour', 1, {})).toMatchObject({
      reason: expect.stringMatching(/^unknownSection: expected one of name, wifi/),
    });
    // Not a section though a name that every object has.
    expect(await at.set('constructor', 1, {})).toMatchObject({ ok: false });
    expect(at.ice.policy).toBe('relay');
  });

  it('a full disk changes nothing', async () => {
    const at = await new SettingsBench().start();
    await at.set('limits', 1, limits);
    at.disk.full = true;
    const set = await at.set('limits', 2, { maxVolume: 1 });
    expect(set).toMatchObject({ ok: false, reason: expect.stringMatching(/^notWritten: /) });
    expect(at.side.limits.maxVolume).toBe(0.5);
    expect(at.reported.sections.limits).toMatchObject({ version: 1, state: 'applied' });
    at.disk.full = false;
    expect(await at.set('limits', 2, limits)).toMatchObject({ ok: true });
  });

  it('open what is sealed to this robot, and nothing else', async () => {
    const at = await new SettingsBench().start();
    const seal = (value: unknown) => ({ sealed: `to-7:${JSON.stringify(value)}` });
    expect(await at.set('name', 1, seal({ name: 'Robin' }))).toMatchObject({ ok: true });
    for (const other of [{ sealed: 'to-8:{}' }, seal(7), seal([]), { sealed: 'to-7:{' }])
      expect(await at.set('name', 2, other)).toMatchObject({
        reason: expect.stringMatching(/^malformed: sealed: expected/),
      });
    // A seal inside a seal is no value of a section.
    expect(await at.set('name', 2, seal(seal({ name: 'x' })))).toMatchObject({ ok: false });
    expect(at.side.name.current).toBe('Robin');
  });

  it('no secret leaves the robot', async () => {
    const at = await new SettingsBench().start();
    const secrets = ['hush-hush', 'u-name', 'c-word', 'new secret', 'i-dentity', 'p-word'];
    await at.set('turn', 1, turn);
    const eap = { security: 'eap', method: 'peap', identity: 'i-dentity', password: 'p-word' };
    await at.set('wifi', 1, {
      networks: [
        { ssid: 'New', hidden: false, security: 'wpa2', passphrase: 'new secret' },
        { ssid: 'Eap', hidden: false, ...eap, domain: 'radius.example' },
      ],
    });
    await at.clock.advance(1_000);
    expect(at.reported.sections.wifi?.state).toBe('applied');
    await at.set('turn', 2, { ...turn, servers: [{ ...turn.servers[0], username: 'u-name' }] });
    await at.set('wifi', 2, { networks: [{ ssid: 'New', hidden: 1, passphrase: 'p-word' }] });
    const said = JSON.stringify(at.broker.published);
    expect(said).toContain('turn:relay.example');
    for (const secret of secrets) {
      expect(said).not.toContain(secret);
      expect(at.disk.contents.get(SETTINGS_FILE)).toContain(secret);
    }
  });

  it('fields and sections of a newer version stay on disk', async () => {
    const at = await new SettingsBench().start();
    await at.set('name', 1, { name: 'Robin' });
    const file = JSON.parse(at.disk.contents.get(SETTINGS_FILE) ?? '');
    file.sections.colour = { inForce: { version: 2, value: { eyes: 'blue' } } };
    file.sections.limits = { inForce: { version: 4, value: { ...limits, later: 1 } } };
    file.sections.name.later = [true];
    const written = JSON.stringify({ ...file, schema: 'settings/7', later: 1 });
    for (const name of [SETTINGS_FILE, `${SETTINGS_FILE}.bak`]) at.disk.leave(name, written);
    await at.start();
    expect(at.side.name.current).toBe('Robin');
    expect(at.reported.sections.limits).toMatchObject({ version: 0, state: 'rejected', tried: 4 });
    await at.set('name', 2, { name: 'Robin 2' });
    const after = JSON.parse(at.disk.contents.get(SETTINGS_FILE) ?? '');
    expect(after).toMatchObject({ schema: 'settings/7', later: 1 });
    expect(after.sections.colour).toEqual(file.sections.colour);
    expect(after.sections.limits).toEqual(file.sections.limits);
    expect(after.sections.name).toMatchObject({ later: [true], inForce: { version: 2 } });
  });

  it('without a network of its own to set, the robot says so', async () => {
    const at = await new SettingsBench().start(absentWifi);
    expect(await at.set('wifi', 1, { networks: [] })).toMatchObject({
      reason: expect.stringMatching(/^unsupported: /),
    });
  });
});

describe('the check of a section', () => {
  it('never throws, and says field and expectation in one bounded line', () => {
    fc.assert(
      fc.property(fc.constantFrom(...sectionNames), fc.anything(), (section, value) => {
        const checked = checkSection(section, value);
        if (checked.ok) expect(sections[section].safeParse(value).success).toBe(true);
        else expect(checked.reason).toMatch(/^[\w .]+: .+/);
      }),
    );
  });

  const network = { ssid: 'Eap', hidden: false, security: 'eap', method: 'peap', identity: 'i' };
  it.each([
    [{ password: 'p' }, 'networks.0.ca: expected a certificate'],
    [{}, 'networks.0.password: expected one'],
    [{ password: 'p', method: 'tls' }, 'networks.0.method: expected peap or ttls'],
    [{ password: 'p', ca: 'x' }, 'networks.0.ca: expected one certificate in PEM'],
    [{ password: 'p', ca: 'x', anyServer: true }, 'networks.0.anyServer: expected either'],
    [{ password: 'p', domain: 'radius.example' }, undefined],
    [{ password: 'p', anyServer: true }, undefined],
  ])('802.1X asks for a way to know the login server: %j', (more, reason) => {
    const checked = checkSection('wifi', { networks: [{ ...network, ...more }] });
    expect(checked.ok ? undefined : checked.reason).toEqual(
      reason === undefined ? undefined : expect.stringContaining(reason),
    );
  });
});
