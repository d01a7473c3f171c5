import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import pkg from '../../package.json' with { type: 'json' };
import { asyncApiDocument } from './asyncapi.ts';

const file = new URL('../../docs/asyncapi.json', import.meta.url);

describe('docs/asyncapi.json', () => {
  it('is what the schemas say: run `npm run docs` when this fails', async () => {
    const committed: unknown = JSON.parse(await readFile(file, 'utf8'));
    expect(committed).toEqual(JSON.parse(JSON.stringify(asyncApiDocument(pkg.version))));
  });
});
