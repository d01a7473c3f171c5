/**
 * A separate program before mosquitto: terminates TLS and offers HTTP/1.1 only. Debian's mosquitto
 * also offers HTTP/2 but does not support WebSocket over it (RFC 8441), which Firefox then uses;
 * any TLS proxy without HTTP/2 solves that.
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
