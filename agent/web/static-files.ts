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

/** As esbuild names what other files refer to: another content has another name. */
const NAMED_BY_CONTENT = /\/chunks\/[^/]+-[A-Z0-9]{8}\.js$/;
const FOR_EVER = 'public, max-age=31536000, immutable';
/** A rebuilt page shows at the next load. */
const ASKED_AGAIN = 'no-cache';

/** The page at `/`; its files are found at the root too. */
const HOME = 'home';

export class StaticFiles {
  constructor(
    private readonly folder: string,
    private readonly home = HOME,
  ) {}

  async answer(request: IncomingMessage, response: ServerResponse, urlPath: string): Promise<void> {
    if (urlPath === '') return movedTo(response, `${asked(request)}/`);
    const file = await this.find(urlPath);
    if (file === undefined) return notFound(response);
    if (file === 'folder') return movedTo(response, `${asked(request)}/`);
    const { sent, coding } = await packedOf(file, request.headers['accept-encoding']);
    const { mtimeMs, size } = await stat(sent);
    const etag = `"${Math.round(mtimeMs).toString(36)}-${size.toString(36)}${coding ? `-${coding}` : ''}"`;
    const headers = {
      etag,
      'cache-control': NAMED_BY_CONTENT.test(file) ? FOR_EVER : ASKED_AGAIN,
      vary: 'accept-encoding',
    };
    if (isKnown(request.headers['if-none-match'], etag)) {
      response.writeHead(304, headers).end();
      return;
    }
    response.writeHead(200, {
      ...headers,
      'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream',
      'content-length': size,
      ...(coding && { 'content-encoding': coding }),
    });
    response.end(request.method === 'HEAD' ? undefined : await readFile(sent));
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

/** What lies beside a file in a coding that the browser takes (scripts/build.mjs), best first. */
const CODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

async function packedOf(
  file: string,
  accepted: string | string[] | undefined,
): Promise<{ sent: string; coding?: string }> {
  for (const [coding, ending] of CODINGS) {
    if (!takes(String(accepted ?? ''), coding)) continue;
    const packed = await isNewer(`${file}${ending}`, file);
    if (packed) return { sent: `${file}${ending}`, coding };
  }
  return { sent: file };
}

/** RFC 9110, 12.5.3: named without a quality of 0; `*` stands for those that are not named. */
function takes(accepted: string, coding: string): boolean {
  const named = accepted
    .toLowerCase()
    .split(',')
    .map((part) => /^\s*([^;\s]+)\s*(?:;\s*q=([\d.]+))?\s*$/.exec(part))
    .flatMap((found) => (found?.[1] ? [[found[1], Number(found[2] ?? 1)] as const] : []));
  const quality = named.find(([name]) => name === coding) ?? named.find(([name]) => name === '*');
  return quality !== undefined && quality[1] > 0;
}

/** One of an earlier build would be an old page. */
async function isNewer(packed: string, file: string): Promise<boolean> {
  const [one, other] = await Promise.all(
    [packed, file].map((name) => stat(name).catch(() => undefined)),
  );
  return one !== undefined && other !== undefined && one.isFile() && one.mtimeMs >= other.mtimeMs;
}

/** RFC 9110, 13.1.2: a list, or `*`. */
function isKnown(asked: string | undefined, etag: string): boolean {
  const tags = (asked ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
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

/** As it was asked for, with the key before it where there is one. */
function asked({ url = '/' }: IncomingMessage): string {
  return url.split(/[?#]/, 1)[0] ?? '/';
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
  response.end('There is nothing here. Begin at /\n');
}

function movedTo(response: ServerResponse, location: string): void {
  // Two slashes would begin another host.
  response.writeHead(308, { location: location.replace(/^\/+/, '/') }).end();
}
