import { jsonFlag } from '../command/flag.ts';
import { translator } from '../command/language.ts';
import { EXIT, type Verb } from '../command/verb.ts';

export const login: Verb = {
  name: 'login',
  operands: [
    {
      name: 'URL',
      about: {
        en: 'the fleet service, as https://fleet.example.org',
        nl: 'de beheerdienst, zoals https://fleet.example.org',
        sv: 'tjänsten, som https://fleet.example.org',
      },
    },
  ],
  summary: {
    en: 'says which fleet service you work with, and logs in',
    nl: 'zegt met welke beheerdienst je werkt, en meldt je aan',
    sv: 'säger vilken tjänst du arbetar med, och loggar in',
  },
  flags: { json: jsonFlag },
  examples: [
    {
      args: ['login', 'https://fleet.example.org'],
      about: {
        en: 'by your own key: there is no password',
        nl: 'met je eigen sleutel: er is geen wachtwoord',
        sv: 'med din egen nyckel: det finns inget lösenord',
      },
    },
  ],
  async run(call) {
    const [{ askingAt, serverAddress }, { serverWords }] = await Promise.all([
      import('../fleet/server-call.ts'),
      import('../fleet/server-words.ts'),
    ]);
    const server = serverAddress(call.words[0] ?? '');
    const { role, expires } = await askingAt(call, server, undefined, ({ api }) => api.login());
    const answer = { server, role, expiresAt: expires };
    const say = translator(serverWords, call.language);
    if (call.flags.json) call.terminal.line(JSON.stringify(answer, null, 2));
    else call.terminal.line(say('loggedIn', { server, role }));
    return EXIT.ok;
  },
};
