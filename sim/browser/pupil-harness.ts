/** Serves the pupil's page on its fake client, with the content security policy of the real server. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const CONSOLE = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../console');
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface ServedPage {
  /** Address of the page, with `?fake=1`. */
  readonly url: string;
  close(): Promise<void>;
}

export async function servePupilPage(): Promise<ServedPage> {
  const script = await bundle(path.join(CONSOLE, 'pupil/harness.ts'));
  const server = createServer((request, response) => {
    void answer(request.url ?? '/', script).then(
      ({ type, body }) => {
        response.setHeader('content-type', type);
        response.setHeader('content-security-policy', "default-src 'self'");
        response.end(body);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/pupil/?fake=1`, close: () => closed(server) };
}

async function bundle(entry: string): Promise<string> {
  const built = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
  });
  return built.outputFiles[0]?.text ?? '';
}

async function answer(url: string, script: string): Promise<{ type: string; body: string }> {
  const { pathname } = new URL(url, 'http://page');
  if (pathname === '/pupil/main.js') return { type: TYPES['.js'] ?? '', body: script };
  const file = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
  const type = TYPES[path.extname(file)];
  if (!type || file.includes('..')) throw new Error('not a file of the page');
  return { type, body: await readFile(path.join(CONSOLE, file), 'utf8') };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
