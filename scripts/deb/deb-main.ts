/** `make deb`: builds dist/deb/deskmate_<version>_<architecture>.deb from what is in dist/. */

import path from 'node:path';
import { messageOf } from '../../hal/common/errors.ts';
import { EXIT_USAGE, readArguments, UsageError } from '../arguments.mjs';
import { buildPackage } from './build-package.ts';

async function main(project: string): Promise<void> {
  const { values } = readArguments(process.argv.slice(2), {
    usage: 'make deb [ARCH=arm64|amd64]',
    options: { arch: { type: 'string' } },
  });
  const arch = values.arch ?? '';
  const out = path.join(project, 'dist/deb');
  const built = await buildPackage({ project, arch, compression: 'xz', out });
  const { file, sizes, seconds } = built;
  console.log(`${path.relative(project, file)}: ${sizes}, built in ${seconds.toFixed(0)} s`);
}

main(process.cwd()).catch((error: unknown) => {
  process.stderr.write(`deb: ${messageOf(error)}\n`);
  process.exit(error instanceof UsageError ? EXIT_USAGE : 1);
});
