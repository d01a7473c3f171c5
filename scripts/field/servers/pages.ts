/**
 * A separate program on the internet: the pupil's page over HTTPS, as a web host serves it.
 *
 *   node pages.mjs FOLDER ADDRESS CERTIFICATE KEY
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { SECURITY_HEADERS } from '../../../agent/web/browser-security.ts';
import { StaticFiles } from '../../../agent/web/static-files.ts';

const [, , folder = '', address = '', certificate = '', key = ''] = process.argv;

const files = new StaticFiles(folder, 'pupil');
const tls = { cert: readFileSync(certificate), key: readFileSync(key) };
const server = createServer(tls, (request, response) => {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  const { pathname } = new URL(request.url ?? '/', 'https://page');
  files.answer(request, response, pathname).catch(() => response.destroy());
});
server.on('tlsClientError', () => {});
server.listen(443, address, () => process.stdout.write('serving\n'));
