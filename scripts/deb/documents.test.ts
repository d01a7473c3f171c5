import { expect, test } from 'vitest';
import { pathOf } from '../deskmate/command/verb.ts';
import { verbs } from '../deskmate/verbs.ts';
import { commandsForManual } from './documents.ts';

test('the manual tells of every verb and its options', () => {
  const manual = commandsForManual();
  for (const verb of verbs.filter(({ hidden }) => !hidden)) {
    expect(manual).toContain(`.B deskmate ${pathOf(verb).join(' ')}\n`);
    for (const flag of Object.keys(verb.flags))
      expect(manual).toContain(`\\-\\-${flag.replaceAll('-', '\\-')}`);
  }
});
