/**
 * A program of its own, before mosquitto: ends TLS and hands on what is inside. It offers HTTP/1.1
 * alone. Debian's mosquitto offers HTTP/2 too and then cannot carry a WebSocket in it, which is what
 * Firefox asks for (RFC 8441); any front that leaves HTTP/2 out mends that.
 *
 *   node tls-front.mjs CERTIFICATE KEY PORT
 */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createServer } from 'node:tls';

const [, , certificate = '', key = '', port = ''] = process.argv;

const options = {
  cert: readFileSync(certificate),
  key: readFileSync(key),
  ALPNProtocols: ['http/1.1'],
};
const server = createServer(options, (outside) => {
  const inside = connect(Number(port), '127.0.0.1');
  outside.pipe(inside).pipe(outside);
  outside.on('error', () => inside.destroy());
  inside.on('error', () => outside.destroy());
});
server.on('tlsClientError', () => {});
server.listen(443, () => process.stdout.write('serving\n'));
