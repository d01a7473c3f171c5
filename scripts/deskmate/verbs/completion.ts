import { SHELLS, type Shell } from '../command/completion-scripts.ts';
import { EXIT, type Verb } from '../command/verb.ts';

export const completion: Verb = {
  name: 'completion',
  operands: [
    {
      name: 'SHELL',
      choices: SHELLS,
      about: { en: 'bash, zsh or fish', nl: 'bash, zsh of fish', sv: 'bash, zsh eller fish' },
    },
  ],
  summary: {
    en: 'a script that lets your shell complete commands',
    nl: 'een script waarmee je shell opdrachten aanvult',
    sv: 'ett skript som låter ditt skal fylla i kommandon',
  },
  flags: {},
  examples: [
    {
      args: ['completion', 'bash'],
      about: {
        en: 'to use it: source <(deskmate completion bash) in ~/.bashrc',
        nl: 'gebruik: source <(deskmate completion bash) in ~/.bashrc',
        sv: 'använd: source <(deskmate completion bash) i ~/.bashrc',
      },
    },
  ],
  async run({ terminal, words }) {
    const { completionScripts } = await import('../command/completion-scripts.ts');
    const shell = words[0] as Shell; // one of its choices, by the parser
    terminal.line(completionScripts[shell].trimEnd());
    return EXIT.ok;
  },
};
