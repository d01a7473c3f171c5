/**
 * The fleet page on the origin of the API. Only its own folders are served: what else was built
 * beside it (the pupil's page, the simulator's) is not there.
 */
import type { FastifyInstance } from 'fastify';
import { StaticFiles } from '../../../agent/web/static-files.ts';

const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    // No text becomes markup or code, whatever a robot calls itself.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

interface PageFiles {
  /** The built pages (dist/pages). */
  readonly folder: string;
  /** Throws a Problem where somebody asks too often. */
  readonly admit: (ip: string) => void;
  readonly tls: boolean;
}

export function servePages(server: FastifyInstance, { folder, admit, tls }: PageFiles): void {
  const files = new StaticFiles(folder, 'fleet');
  server.get('/', (_request, reply) => reply.redirect('/fleet/', 308));
  for (const url of ['/fleet', '/fleet/*', '/shared/*', '/chunks/*']) {
    server.get(url, async (request, reply) => {
      admit(request.ip);
      reply.hijack();
      const { raw } = reply;
      for (const [name, value] of Object.entries(HEADERS)) raw.setHeader(name, value);
      if (tls) raw.setHeader('strict-transport-security', 'max-age=31536000');
      const [path = '/'] = request.url.split(/[?#]/, 1);
      await files.answer(request.raw, raw, path).catch(() => raw.destroy());
      return reply;
    });
  }
}
