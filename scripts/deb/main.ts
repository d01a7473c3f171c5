/** `make deb`: builds dist/deb/deskmate_<version>_<architecture>.deb from what is in dist/. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildPackage } from './build-package.ts';

async function main(project: string): Promise<void> {
  const { values } = parseArgs({ options: { arch: { type: 'string', default: '' } } });
  const out = path.join(project, 'dist/deb');
  const built = await buildPackage({ project, arch: values.arch, compression: 'xz', out });
  const { file, sizes, seconds } = built;
  console.log(`${path.relative(project, file)}: ${sizes}, built in ${seconds.toFixed(0)} s`);
}

main(process.cwd()).catch((error: unknown) => {
  process.stderr.write(`deb: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
