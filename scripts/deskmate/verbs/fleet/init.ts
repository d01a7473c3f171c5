import { jsonFlag, textFlag, textsFlag } from '../../command/flag.ts';
import { fleetGroup } from '../../command/groups.ts';
import { translator } from '../../command/language.ts';
import { EXIT, type Verb } from '../../command/verb.ts';
import { dirFlag, passphraseFlag, schoolFlag } from '../../fleet/fleet-flags.ts';

export const fleetInit: Verb = {
  name: 'init',
  parent: fleetGroup,
  operands: [
    {
      name: 'FLEET',
      about: {
        en: 'its name: a to z, digits and hyphens',
        nl: 'de naam: a tot z, cijfers en streepjes',
        sv: 'namnet: a till z, siffror och bindestreck',
      },
    },
  ],
  summary: {
    en: 'makes a fleet: its root key and certificates',
    nl: 'maakt een groep robots: hoofdsleutel en certificaten',
    sv: 'gör en grupp robotar: huvudnyckel och certifikat',
  },
  flags: {
    dir: dirFlag,
    school: schoolFlag,
    broker: {
      ...{ type: 'string', value: 'ADDRESS' },
      about: {
        en: 'the broker as robots reach it: mqtts://HOST:8883',
        nl: 'de server zoals robots hem bereiken: mqtts://HOST:8883',
        sv: 'servern så som robotar når den: mqtts://HOST:8883',
      },
    },
    service: {
      ...{ type: 'string', value: 'ID', repeated: true },
      about: {
        en: 'a fleet service that may use the broker (else main)',
        nl: 'een beheerdienst die de server mag gebruiken (anders main)',
        sv: 'en tjänst som får använda servern (annars main)',
      },
    },
    'passphrase-file': passphraseFlag,
    json: jsonFlag,
  },
  examples: [
    {
      args: ['fleet', 'init', 'aurora', '--broker', 'mqtts://broker.example.org:8883'],
      about: {
        en: 'a fleet in ~/.config/deskmate/fleet, which only you can read',
        nl: 'een groep in ~/.config/deskmate/fleet, die alleen jij kunt lezen',
        sv: 'en grupp i ~/.config/deskmate/fleet, som bara du kan läsa',
      },
    },
  ],
  async run(call) {
    const [{ checked, fleetDir, passphraseOf, told }, { createFleet }, { fleetWords }] =
      await Promise.all([
        import('../../fleet/fleet-call.ts'),
        import('../../fleet/fleet-folder.ts'),
        import('../../fleet/words.ts'),
      ]);
    const { PlaceId } = await import('../../../../agent/wire/topics.ts');
    const { ServerAddress } = await import('../../fleet/fleet-files.ts');
    const say = translator(fleetWords, call.language);
    const [typed = ''] = call.words;
    const fleet = checked('FLEET', PlaceId, typed);
    const schools = textsFlag(call, 'school').map((one) => checked('--school', PlaceId, one));
    const given = textsFlag(call, 'service').map((one) => checked('--service', PlaceId, one));
    const services = given.length > 0 ? given : ['main'];
    const address = textFlag(call, 'broker');
    const broker = address === undefined ? null : checked('--broker', ServerAddress, address);
    const passphrase = passphraseOf(call);
    const folder = fleetDir(call);
    const nowMs = call.clock.wall();
    const { about } = await told(() =>
      createFleet(folder, { fleet, schools, broker, services, passphrase, nowMs }),
    );
    if (call.flags.json) {
      const { root, rootJwk } = about;
      call.terminal.line(JSON.stringify({ fleet, folder, root, rootJwk }, null, 2));
      return EXIT.ok;
    }
    call.terminal.line(say('fleetMade', { fleet, folder }));
    call.terminal.line(say('fleetRoot', { root: about.root }));
    call.terminal.line(say('fleetBackup'));
    if (passphrase === undefined) call.terminal.line(say('fleetOpen'));
    return EXIT.ok;
  },
};
