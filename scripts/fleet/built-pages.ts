import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Folder of the built pages beside the running bundle; undefined where they are not built. */
export function builtPages(): string | undefined {
  const folder = fileURLToPath(new URL('pages', import.meta.url));
  return existsSync(folder) ? folder : undefined;
}
