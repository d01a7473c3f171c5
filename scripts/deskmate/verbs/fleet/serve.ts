import { jsonFlag } from '../../command/flag.ts';
import { fleetGroup } from '../../command/groups.ts';
import { translator } from '../../command/language.ts';
import { type Call, CommandError, EXIT, type Verb } from '../../command/verb.ts';
import { serverWords } from '../../fleet/server-words.ts';

const PORT = 8_080;
const file = (en: string, nl: string, sv: string) =>
  ({ type: 'string', value: 'FILE', about: { en, nl, sv } }) as const;

export const fleetServe: Verb = {
  name: 'serve',
  parent: fleetGroup,
  summary: {
    en: 'runs the fleet service until it is stopped',
    nl: 'draait de beheerdienst tot hij wordt gestopt',
    sv: 'kör tjänsten tills den stoppas',
  },
  flags: {
    dir: {
      ...{ type: 'string', value: 'FOLDER' },
      about: {
        en: 'folder of the service’s own key and grants',
        nl: 'map met de eigen sleutel en toegang van de dienst',
        sv: 'mapp med tjänstens egen nyckel och tillträde',
      },
    },
    grant: file(
      'the grant of role “service”, the first time',
      'de toegang met rol ‘service’, de eerste keer',
      'tillträdet med rollen ”service”, första gången',
    ),
    broker: {
      ...{ type: 'string', value: 'URL' },
      about: {
        en: 'the broker, as mqtts://broker.example.org:8883',
        nl: 'de server van de robots, zoals mqtts://broker.example.org:8883',
        sv: 'robotarnas meddelandeserver, som mqtts://mqtt.example.org:8883',
      },
    },
    'broker-ca': file('its authority', 'de uitgever ervan', 'dess utfärdare'),
    'broker-cert': file('certificate', 'certificaat', 'certifikat'),
    'broker-key': file('its key', 'de sleutel ervan', 'dess nyckel'),
    store: {
      ...{ type: 'string', value: 'STORE' },
      about: {
        en: 'a file, or postgres://… (else fleet.db in the folder)',
        nl: 'een bestand, of postgres://… (anders fleet.db in de map)',
        sv: 'en fil, eller postgres://… (annars fleet.db i mappen)',
      },
    },
    host: {
      ...{ type: 'string', value: 'ADDRESS' },
      about: {
        en: 'where it listens (else 127.0.0.1)',
        nl: 'waar hij luistert (anders 127.0.0.1)',
        sv: 'var den lyssnar (annars 127.0.0.1)',
      },
    },
    port: {
      ...{ type: 'number', value: 'N', min: 0, max: 65_535, whole: true },
      about: {
        en: `port (else ${PORT}; 0: any)`,
        nl: `poort (anders ${PORT}; 0: een vrije)`,
        sv: `port (annars ${PORT}; 0: en ledig)`,
      },
    },
    origin: {
      ...{ type: 'string', value: 'URL', repeated: true },
      about: {
        en: 'by which people open it, as https://fleet.example.org',
        nl: 'waarmee mensen hem openen, zoals https://fleet.example.org',
        sv: 'som folk öppnar den med, till exempel https://fleet.example.org',
      },
    },
    'tls-cert': file('PEM, for HTTPS', 'PEM, voor HTTPS', 'PEM, för HTTPS'),
    'tls-key': file('its key', 'de sleutel ervan', 'dess nyckel'),
    'behind-proxy': {
      type: 'boolean',
      about: {
        en: 'a proxy on this computer passes requests on',
        nl: 'een proxy op deze computer geeft vragen door',
        sv: 'en proxy på den här datorn skickar frågor vidare',
      },
    },
    json: jsonFlag,
  },
  examples: [
    {
      args: ['fleet', 'serve', '--broker', 'mqtt://127.0.0.1:1883'],
      about: {
        en: 'a small fleet on one computer',
        nl: 'een kleine groep op één computer',
        sv: 'en liten grupp på en dator',
      },
    },
  ],
  async run(call) {
    const { serve } = await import('../../fleet/serve.ts').catch((error: unknown) => {
      throw isMissingPackage(error) ? notHere(call) : error;
    });
    return serve(call, PORT);
  },
};

/** A robot's package has no database and no web server. */
const isMissingPackage = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';

function notHere(call: Call): CommandError {
  const why = translator(serverWords, call.language)('serveNotHere');
  return new CommandError('serviceWrong', EXIT.unavailable, why);
}
