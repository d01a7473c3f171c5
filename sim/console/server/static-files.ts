/** Serves the built pages. Nothing outside of their folder can be reached. */
import { readFile, realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
  '.ogg': 'audio/ogg',
};

/** The page at `/`; its files are found at the root too. */
const HOME = 'home';

export class StaticFiles {
  constructor(
    private readonly folder: string,
    private readonly home = HOME,
  ) {}

  async answer(request: IncomingMessage, response: ServerResponse, urlPath: string): Promise<void> {
    const file = await this.find(urlPath);
    if (file === undefined) return notFound(response);
    if (file === 'folder') return movedTo(response, `${urlPath}/`);
    const { mtimeMs, size } = await stat(file);
    const etag = `"${Math.round(mtimeMs).toString(36)}-${size.toString(36)}"`;
    // Always asked again: a rebuilt page shows at the next load.
    const headers = { etag, 'cache-control': 'no-cache' };
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, headers).end();
      return;
    }
    const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { ...headers, 'content-type': type, 'content-length': size });
    response.end(request.method === 'HEAD' ? undefined : await readFile(file));
  }

  /** The file behind a path, `folder` when a slash is missing at the end, or undefined. */
  private async find(urlPath: string): Promise<string | undefined> {
    const wanted = decode(urlPath);
    if (wanted === undefined) return undefined;
    const relative = wanted.endsWith('/') ? `${wanted}index.html` : wanted;
    return (await this.below(relative)) ?? (await this.below(`/${this.home}${relative}`));
  }

  private async below(relative: string): Promise<string | undefined> {
    try {
      const [root, file] = await Promise.all([
        realpath(this.folder),
        // `realpath` follows links, so that one inside cannot lead outside.
        realpath(path.join(this.folder, relative)),
      ]);
      if (!file.startsWith(root + path.sep)) return undefined;
      return (await stat(file)).isDirectory() ? 'folder' : file;
    } catch {
      return undefined;
    }
  }
}

/** Undefined for what no page of ours is called. */
function decode(urlPath: string): string | undefined {
  try {
    const text = decodeURIComponent(urlPath);
    const plain = /^\/[A-Za-z0-9._/-]*$/.test(text) && !text.split('/').includes('..');
    return plain ? text : undefined;
  } catch {
    return undefined;
  }
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
  response.end('There is nothing here. Begin at /\n');
}

function movedTo(response: ServerResponse, location: string): void {
  response.writeHead(308, { location }).end();
}
