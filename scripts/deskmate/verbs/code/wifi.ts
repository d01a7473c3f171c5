import type { WifiNetwork } from '../../../../agent/wire/wifi-code.ts';
import { jsonFlag, textFlag } from '../../command/flag.ts';
import { codeGroup } from '../../command/groups.ts';
import { type Call, EXIT, usageError, type Verb } from '../../command/verb.ts';
import { outFlag } from '../../fleet/fleet-flags.ts';

export const codeWifi: Verb = {
  name: 'wifi',
  parent: codeGroup,
  summary: {
    en: 'a Wi-Fi network, as phones show it too',
    nl: 'een wifi-netwerk, zoals telefoons het ook tonen',
    sv: 'ett wifi-nätverk, så som telefoner också visar det',
  },
  flags: {
    ssid: {
      ...{ type: 'string', value: 'NAME' },
      about: {
        en: 'name of the network',
        nl: 'naam van het netwerk',
        sv: 'nätverkets namn',
      },
    },
    'password-file': {
      ...{ type: 'string', value: 'FILE' },
      about: {
        en: 'its first line is the password; without it the network is open',
        nl: 'de eerste regel is het wachtwoord; zonder is het netwerk open',
        sv: 'första raden är lösenordet; utan det är nätverket öppet',
      },
    },
    identity: {
      ...{ type: 'string', value: 'NAME' },
      about: {
        en: 'user name, for a network with accounts (802.1X)',
        nl: 'gebruikersnaam, voor een netwerk met accounts (802.1X)',
        sv: 'användarnamn, för ett nätverk med konton (802.1X)',
      },
    },
    hidden: {
      type: 'boolean',
      about: {
        en: 'the network does not announce its name',
        nl: 'het netwerk maakt zijn naam niet bekend',
        sv: 'nätverket visar inte sitt namn',
      },
    },
    out: outFlag,
    json: jsonFlag,
  },
  examples: [
    {
      args: [
        'code',
        'wifi',
        '--ssid',
        'Skolan',
        '--password-file',
        'wifi.txt',
        '--out',
        'wifi.html',
      ],
      about: {
        en: 'a page to print: the robot learns the school’s network',
        nl: 'een pagina om af te drukken: de robot leert het schoolnetwerk',
        sv: 'en sida att skriva ut: roboten lär sig skolans nätverk',
      },
    },
  ],
  async run(call) {
    const [{ showCodes }, { parseWifiCode, wifiCodeOf }] = await Promise.all([
      import('../../fleet/show-codes.ts'),
      import('../../../../agent/wire/wifi-code.ts'),
    ]);
    const code = wifiCodeOf(await networkOf(call));
    const parsed = parseWifiCode(code);
    if (!parsed.ok) throw usageError(`${OPTIONS[parsed.field] ?? '--ssid'}: ${parsed.why}`);
    await showCodes(call, [code], {});
    return EXIT.ok;
  },
};

/** By the field of the code. */
const OPTIONS: Readonly<Record<string, string>> = {
  ...{ S: '--ssid', P: '--password-file', I: '--identity' },
};

async function networkOf(call: Call): Promise<WifiNetwork> {
  const ssid = textFlag(call, 'ssid');
  if (ssid === undefined) throw usageError('--ssid NAME: expected the name of the network');
  const named = { ssid, hidden: call.flags.hidden === true };
  const file = textFlag(call, 'password-file');
  const identity = textFlag(call, 'identity');
  if (file === undefined) {
    if (identity === undefined) return { ...named, security: 'open' };
    throw usageError('--identity: expected --password-file beside it');
  }
  const { readInput } = await import('../../fleet/fleet-call.ts');
  const password = readInput(file).split(/\r?\n/, 1)[0] ?? '';
  if (identity === undefined) return { ...named, security: 'psk', passphrase: password };
  return { ...named, security: 'eap', method: 'PEAP', inner: 'MSCHAPV2', identity, password };
}
