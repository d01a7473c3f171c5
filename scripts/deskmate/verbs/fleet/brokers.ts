import { jsonFlag, textFlag, textsFlag } from '../../command/flag.ts';
import { fleetGroup } from '../../command/groups.ts';
import { translator } from '../../command/language.ts';
import { EXIT, usageError, type Verb } from '../../command/verb.ts';
import { dirFlag, outFlag, passphraseFlag } from '../../fleet/fleet-flags.ts';

export const fleetBrokers: Verb = {
  name: 'brokers',
  parent: fleetGroup,
  summary: {
    en: 'writes the broker’s configuration and certificates',
    nl: 'schrijft configuratie en certificaten van de server',
    sv: 'skriver serverns konfiguration och certifikat',
  },
  flags: {
    for: {
      ...{ type: 'choice', value: 'BROKER', choices: ['mosquitto', 'nats'] },
      about: {
        en: 'mosquitto (one machine) or nats (three)',
        nl: 'mosquitto (één machine) of nats (drie)',
        sv: 'mosquitto (en dator) eller nats (tre)',
      },
    },
    host: {
      ...{ type: 'string', value: 'HOST', repeated: true },
      about: {
        en: 'its name or address, once for each machine',
        nl: 'naam of adres, één keer per machine',
        sv: 'namn eller adress, en gång per dator',
      },
    },
    out: outFlag,
    dir: dirFlag,
    'passphrase-file': passphraseFlag,
    json: jsonFlag,
  },
  examples: [
    {
      args: [
        'fleet',
        'brokers',
        '--for',
        'mosquitto',
        '--host',
        'broker.example.org',
        '--out',
        'broker',
      ],
      about: {
        en: 'files for /etc/mosquitto/deskmate, in a new folder',
        nl: 'bestanden voor /etc/mosquitto/deskmate, in een nieuwe map',
        sv: 'filer för /etc/mosquitto/deskmate, i en ny mapp',
      },
    },
  ],
  async run(call) {
    const [{ withFleet, writeOutput }, { BROKERS, brokerFiles }, { fleetWords }] =
      await Promise.all([
        import('../../fleet/fleet-call.ts'),
        import('../../fleet/broker-files.ts'),
        import('../../fleet/words.ts'),
      ]);
    const { mkdir } = await import('node:fs/promises');
    const path = await import('node:path');
    const { firstLineOf } = await import('../../../../hal/common/errors.ts');
    const kind = BROKERS.find((one) => one === textFlag(call, 'for'));
    const folder = textFlag(call, 'out');
    if (!kind) throw usageError('--for: expected mosquitto or nats');
    if (folder === undefined) throw usageError('--out FOLDER: expected where they are written');
    const files = await withFleet(call, async (fleet) => {
      const given = textsFlag(call, 'host');
      const { broker } = fleet.about;
      const known = broker === null ? [] : [new URL(broker).hostname.replace(/^\[|\]$/g, '')];
      const hosts = given.length > 0 ? given : known;
      if (hosts.length === 0) throw usageError('--host HOST: expected the broker’s name');
      return brokerFiles(fleet, kind, { hosts, nowMs: call.clock.wall() });
    });
    await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
      throw usageError(`--out ${folder}: expected a new folder (${firstLineOf(error)})`);
    });
    for (const { name, text, secret } of files)
      await writeOutput(path.join(folder, name), text, secret ? 0o600 : 0o644);
    const names = files.map(({ name }) => name);
    const say = translator(fleetWords, call.language);
    if (call.flags.json) call.terminal.line(JSON.stringify({ folder, files: names }, null, 2));
    else call.terminal.line(say('brokersWritten', { folder, files: names.join(', ') }));
    return EXIT.ok;
  },
};
