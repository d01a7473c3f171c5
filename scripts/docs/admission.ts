/** docs/admission.md: the rules of agent/admission as a table. */
import { type Capability, capabilities } from '../../agent/admission/facts.ts';
import { type RefusalAnswer, rules } from '../../agent/admission/rules.ts';

export function admissionDocument(): string {
  return [
    '# Admission: what is allowed, and when not',
    '',
    'One pure policy (`agent/admission`) decides on sessions, camera, microphone, voice, motion and the waking of the',
    'body; no other part of the agent does. Written by `npm run docs` from its rules.',
    '',
    ...table(
      ['may be asked for', 'which is'],
      Object.entries(capabilities).map(([name, meaning]) => [code(name), meaning]),
    ),
    '',
    'What no rule refuses is allowed. Where several refuse, the first in this order gives the reason. A rule reads no more than',
    'the facts named with it (`agent/admission/notices.ts`). In doubt nobody watches: silence of firmware refuses camera and',
    'microphone. Below this firmware has laws of its own ([safety](safety.md)), whatever the agent asks for.',
    '',
    ...table(
      ['rule', 'holds when', 'reads', 'refuses', 'the pupil is told', 'why'],
      rules.map(({ name, words, on, refuses, told, why }) => [
        code(name),
        words,
        on.map(code).join(', '),
        refusedBy(refuses),
        toldBy(told),
        why,
      ]),
    ),
    '',
    'A further input (a role, a timetable, an update that is being installed) is a fact in `notices.ts`, which then must be given',
    'wherever a capability needs it, and a rule in `rules.ts`.',
    '',
  ].join('\n');
}

function refusedBy(refuses: readonly Capability[]): string {
  return refuses.map(code).join(', ');
}

function toldBy({ offer, command }: RefusalAnswer): string {
  const words = [offer, command].flatMap((word) => (word === undefined ? [] : [code(word)]));
  return words.join(', ') || 'what its page shows';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

const code = (name: string): string => `\`${name}\``;
