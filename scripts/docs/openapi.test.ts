import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import pkg from '../../package.json' with { type: 'json' };
import { openApiDocument } from '../fleet/api/openapi.ts';
import { describedRoutes } from '../fleet/api/routes.ts';

const file = new URL('../../docs/openapi.json', import.meta.url);

describe('docs/openapi.json', () => {
  it('is what the routes say: run `npm run docs` when this fails', async () => {
    const committed: unknown = JSON.parse(await readFile(file, 'utf8'));
    const now = openApiDocument(describedRoutes(), pkg.version);
    expect(committed).toEqual(JSON.parse(JSON.stringify(now)));
  });
});
