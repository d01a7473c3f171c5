import { jsonFlag } from '../command/flag.ts';
import { EXIT, type Verb } from '../command/verb.ts';

export const version: Verb = {
  name: 'version',
  summary: {
    en: 'which version is installed',
    nl: 'welke versie er is geïnstalleerd',
    sv: 'vilken version som är installerad',
  },
  flags: { json: jsonFlag },
  async run({ terminal, version, flags }) {
    const node = process.versions.node;
    const { arch } = process;
    if (flags.json) terminal.line(JSON.stringify({ version, node, arch }, null, 2));
    else terminal.line(`deskmate ${version} (Node ${node}, ${arch})`);
    return EXIT.ok;
  },
};
