/**
 * A separate program in a router: DNS for the rig's servers, and a captive portal, which answers
 * for every web server once the router's rules redirect to it.
 *
 *   node router.mjs CERTIFICATE KEY
 */
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { NAME_SERVER } from '../net/plan.ts';
import { PORTAL_PORTS } from '../net/rules.ts';
import { answerTo } from './dns.ts';

const [, , certificate = '', key = ''] = process.argv;

const signIn = (_: IncomingMessage, response: ServerResponse): void =>
  void response.writeHead(302, { location: 'http://portal.hotel.test/' }).end();

const names = createSocket('udp4');
names.on('message', (query, { port, address }) => {
  const answer = answerTo(query);
  if (answer) names.send(answer, port, address);
});
const tls = { cert: readFileSync(certificate), key: readFileSync(key) };
const secure = createServer(tls, signIn);
secure.on('tlsClientError', () => {});

createPlain(signIn).listen(PORTAL_PORTS.http, () =>
  secure.listen(PORTAL_PORTS.https, () =>
    names.bind(53, NAME_SERVER, () => process.stdout.write('serving\n')),
  ),
);
