import { cp, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { controlFile, libraryDependencies } from './control.ts';
import { filesBelow, installedKb, md5sums, normalise } from './files.ts';
import type { Machine } from './pins.ts';
import { shell } from './shell.ts';

interface PackParts {
  readonly project: string;
  readonly root: string;
  readonly machine: Machine;
  readonly version: string;
  readonly epochSeconds: number;
  /** `none` is for tests: quick. */
  readonly compression: 'xz' | 'none';
  readonly out: string;
}

/** Makes the .deb of what stage() laid out; resolves with its path. */
export async function pack(parts: PackParts): Promise<string> {
  const { project, root, machine, version, epochSeconds, compression, out } = parts;
  const debian = path.join(root, 'DEBIAN');
  await normalise(root, epochSeconds);
  const control = controlFile({
    version,
    architecture: machine.deb,
    installedKb: await installedKb(root),
    libraries: libraryDependencies(await symbolsOf(root, machine)),
  });
  const sums = await md5sums(root);
  await mkdir(debian, { recursive: true });
  await cp(path.join(project, 'scripts/deb/control'), debian, { recursive: true });
  await writeFile(path.join(debian, 'control'), control);
  await writeFile(path.join(debian, 'md5sums'), sums);
  await normalise(root, epochSeconds);
  for (const script of ['preinst', 'postinst', 'prerm', 'postrm'])
    await shell('chmod', ['0755', path.join(debian, script)]);
  const file = path.join(out, `deskmate_${version}_${machine.deb}.deb`);
  await mkdir(out, { recursive: true });
  // Other parties compress with as many threads as they have; the bytes are the same.
  await shell(
    'dpkg-deb',
    ['--root-owner-group', `-Z${compression}`, '--build', root, `${file}.part`],
    {
      env: { SOURCE_DATE_EPOCH: String(epochSeconds) },
    },
  );
  await rename(`${file}.part`, file);
  return file;
}

async function symbolsOf(root: string, { triplet }: Machine): Promise<string> {
  const programs = (await filesBelow(root)).filter((file) =>
    /\.node$|\/bin\/node$|\.so\.\d+$/.test(file),
  );
  const said = await Promise.all(
    programs.map((file) =>
      shell(`${triplet}-readelf`, ['--version-info', '--wide', path.join(root, file)]),
    ),
  );
  return said.join('\n');
}

/** Bytes of the .deb and of what it installs, for people. */
export async function sizes(file: string, root: string): Promise<string> {
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  const { length } = await readFile(file);
  return `${mb(length)}, installed ${mb((await installedKb(root)) * 1024)}`;
}
