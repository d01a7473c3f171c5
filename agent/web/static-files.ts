/** Serves the built pages, and nothing outside of their folder. */
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

/** Names of esbuild's chunks contain a hash of their content. */
const HASHED_NAME = /\/chunks\/[^/]+-[A-Z0-9]{8}\.js$/;
const IMMUTABLE = 'public, max-age=31536000, immutable';
/** Revalidated, so that a rebuilt page shows at the next load. */
const REVALIDATE = 'no-cache';

/** The page at `/`; its files are served at the root too. */
const HOME = 'home';

export class StaticFiles {
  constructor(
    private readonly folder: string,
    private readonly home = HOME,
  ) {}

  async answer(request: IncomingMessage, response: ServerResponse, urlPath: string): Promise<void> {
    if (urlPath === '') return redirect(response, `${requestPath(request)}/`);
    const file = await this.find(urlPath);
    if (file === undefined) return notFound(response);
    if (file === 'folder') return redirect(response, `${requestPath(request)}/`);
    const { served, coding } = await compressedCopy(file, request.headers['accept-encoding']);
    const { mtimeMs, size } = await stat(served);
    const etag = `"${Math.round(mtimeMs).toString(36)}-${size.toString(36)}${coding ? `-${coding}` : ''}"`;
    const headers = {
      etag,
      'cache-control': HASHED_NAME.test(file) ? IMMUTABLE : REVALIDATE,
      vary: 'accept-encoding',
    };
    if (etagMatches(request.headers['if-none-match'], etag)) {
      response.writeHead(304, headers).end();
      return;
    }
    response.writeHead(200, {
      ...headers,
      'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream',
      'content-length': size,
      ...(coding && { 'content-encoding': coding }),
    });
    response.end(request.method === 'HEAD' ? undefined : await readFile(served));
  }

  /** The file for a path, `folder` if the trailing slash is missing, or undefined. */
  private async find(urlPath: string): Promise<string | undefined> {
    const wanted = decode(urlPath);
    if (wanted === undefined) return undefined;
    const relative = wanted.endsWith('/') ? `${wanted}index.html` : wanted;
    return (await this.resolve(relative)) ?? (await this.resolve(`/${this.home}${relative}`));
  }

  private async resolve(relative: string): Promise<string | undefined> {
    try {
      const [root, file] = await Promise.all([
        realpath(this.folder),
        // `realpath` resolves symbolic links, so that none can lead outside.
        realpath(path.join(this.folder, relative)),
      ]);
      if (!file.startsWith(root + path.sep)) return undefined;
      return (await stat(file)).isDirectory() ? 'folder' : file;
    } catch {
      return undefined;
    }
  }
}

/** Precompressed copies beside a file (scripts/build.mjs), preferred first. */
const CODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

async function compressedCopy(
  file: string,
  accepted: string | string[] | undefined,
): Promise<{ served: string; coding?: string }> {
  for (const [coding, ending] of CODINGS) {
    if (!accepts(String(accepted ?? ''), coding)) continue;
    const compressed = await isNewer(`${file}${ending}`, file);
    if (compressed) return { served: `${file}${ending}`, coding };
  }
  return { served: file };
}

/** RFC 9110, 12.5.3: listed with a quality above 0; `*` stands for all that are not listed. */
function accepts(accepted: string, coding: string): boolean {
  const named = accepted
    .toLowerCase()
    .split(',')
    .map((part) => /^\s*([^;\s]+)\s*(?:;\s*q=([\d.]+))?\s*$/.exec(part))
    .flatMap((found) => (found?.[1] ? [[found[1], Number(found[2] ?? 1)] as const] : []));
  const quality = named.find(([name]) => name === coding) ?? named.find(([name]) => name === '*');
  return quality !== undefined && quality[1] > 0;
}

/** A copy from an earlier build would be an outdated page. */
async function isNewer(compressed: string, file: string): Promise<boolean> {
  const [one, other] = await Promise.all(
    [compressed, file].map((name) => stat(name).catch(() => undefined)),
  );
  return one !== undefined && other !== undefined && one.isFile() && one.mtimeMs >= other.mtimeMs;
}

/** RFC 9110, 13.1.2: a list, or `*`. */
function etagMatches(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

/** Undefined for names that none of our pages has. */
function decode(urlPath: string): string | undefined {
  try {
    const text = decodeURIComponent(urlPath);
    const plain = /^\/[A-Za-z0-9._/-]*$/.test(text) && !text.split('/').includes('..');
    return plain ? text : undefined;
  } catch {
    return undefined;
  }
}

/** The requested path, including the key if there is one. */
function requestPath({ url = '/' }: IncomingMessage): string {
  return url.split(/[?#]/, 1)[0] ?? '/';
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
  response.end('There is nothing here. Begin at /\n');
}

function redirect(response: ServerResponse, location: string): void {
  // Two leading slashes would be read as another host.
  response.writeHead(308, { location: location.replace(/^\/+/, '/') }).end();
}
