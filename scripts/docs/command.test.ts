import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { testVerbs } from '../deskmate/testing/test-verbs.ts';
import { verbs } from '../deskmate/verbs.ts';
import { commandDocument } from './command.ts';

const file = new URL('../../docs/command.md', import.meta.url);

it('docs/command.md is what the verbs say: run `npm run docs` when this fails', async () => {
  expect(await readFile(file, 'utf8')).toBe(commandDocument(verbs));
});

it('tells of groups, operands, options and examples, and of nothing hidden', () => {
  const text = commandDocument([...verbs, ...testVerbs]);
  expect(text).toContain('- `deskmate trials diary`: its log\n');
  expect(text).toContain('## trials begin\n\n```text\ndeskmate trials begin [--json]\n```');
  expect(text).toContain('- `--tag TAG`: t; may be repeated\n');
  expect(text).toContain('```sh\ndeskmate invite --days 3\n```');
  expect(text).not.toContain('__complete');
});
