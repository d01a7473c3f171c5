import { EXIT, type Verb } from '../verb.ts';

export const version: Verb = {
  name: 'version',
  usage: '',
  summary: {
    en: 'which version is installed',
    nl: 'welke versie er staat',
    sv: 'vilken version som är installerad',
  },
  flags: {},
  async run({ terminal, version }) {
    terminal.line(`deskmate ${version} (Node ${process.versions.node}, ${process.arch})`);
    return EXIT.ok;
  },
};
