/**
 * Serves the home page, and the pupil's page on its fake client, with the content security policy of
 * the real server.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import { pageShell } from '../../../scripts/page-shell.mjs';
import { SECURITY_HEADERS } from '../../web/browser-security.ts';
import { projectRoot } from './project-root.ts';

const POLICY = SECURITY_HEADERS['content-security-policy'] ?? '';
const PAGES = ['agent/pages', 'sim/console'].map((folder) => path.join(projectRoot(), folder));
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface ServedPage {
  /** Address of the pupil's page, with `?fake=1`. */
  readonly url: string;
  readonly home: string;
  close(): Promise<void>;
}

export async function servePupilPage(): Promise<ServedPage> {
  const [pupil, home] = await Promise.all([
    bundle('agent/pages/pupil/testing/page-on-fakes.ts'),
    bundle('sim/console/home/home-main.ts'),
  ]);
  const scripts = new Map([
    ['/pupil/main.js', pupil],
    ['/home/main.js', home],
  ]);
  const server = createServer((request, response) => {
    void answer(request.url ?? '/', scripts).then(
      ({ type, body }) => {
        response.setHeader('content-type', type);
        response.setHeader('content-security-policy', POLICY);
        response.end(body);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    url: `${origin}/pupil/?fake=1`,
    home: `${origin}/home/`,
    close: () => closed(server),
  };
}

async function bundle(entry: string): Promise<string> {
  const built = await build({
    entryPoints: [path.join(projectRoot(), entry)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
  });
  return built.outputFiles[0]?.text ?? '';
}

async function answer(
  url: string,
  scripts: ReadonlyMap<string, string>,
): Promise<{ type: string; body: string }> {
  const { pathname } = new URL(url, 'http://page');
  const script = scripts.get(pathname);
  if (script !== undefined) return { type: TYPES['.js'] ?? '', body: script };
  const type = pathname.endsWith('/') ? TYPES['.html'] : TYPES[path.extname(pathname)];
  if (!type || pathname.includes('..')) throw new Error('not a file of the page');
  const file = PAGES.map((folder) => path.join(folder, pathname)).find(existsSync) ?? pathname;
  return { type, body: await (pathname.endsWith('/') ? pageShell(file) : readFile(file, 'utf8')) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
