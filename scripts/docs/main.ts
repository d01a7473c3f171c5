/** Writes the generated documents of docs/. */
import { writeFile } from 'node:fs/promises';
import pkg from '../../package.json' with { type: 'json' };
import { asyncApiDocument } from './asyncapi.ts';

const file = 'docs/asyncapi.json';
await writeFile(file, `${JSON.stringify(asyncApiDocument(pkg.version), null, 2)}\n`);
process.stdout.write(`wrote ${file}\n`);
