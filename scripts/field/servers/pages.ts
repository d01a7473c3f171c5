/**
 * A program of its own, inside the internet: the pupil's page over HTTPS as any web host serves it.
 * Inside a router it is the portal of a hotel, which answers for every server with a page of its own.
 *
 *   node pages.mjs FOLDER ADDRESS CERTIFICATE KEY [portal]
 */
import { readFileSync } from 'node:fs';
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { SECURITY_HEADERS } from '../../../sim/console/server/headers.ts';
import { StaticFiles } from '../../../sim/console/server/static-files.ts';
import { PORTAL_PORTS } from '../net/rules.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const [, , folder = '', address = '', certificate = '', key = '', portal] = process.argv;

const page = (): Answer => {
  const files = new StaticFiles(folder, 'pupil');
  return (request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    const { pathname } = new URL(request.url ?? '/', 'https://page');
    files.answer(request, response, pathname).catch(() => response.destroy());
  };
};

const signIn: Answer = (_, response) => {
  response.writeHead(302, { location: 'http://portal.hotel.test/' }).end();
};

const answer = portal ? signIn : page();
const tls = { cert: readFileSync(certificate), key: readFileSync(key) };
const secure = createServer(tls, answer);
secure.on('tlsClientError', () => {});
secure.listen(PORTAL_PORTS.https, address, () => process.stdout.write('serving\n'));
if (portal) createPlain(answer).listen(PORTAL_PORTS.http, address);
