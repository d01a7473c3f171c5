/**
 * A separate program in a namespace: relays a Unix socket to a TCP port there, since files are
 * visible across namespaces and ports are not.
 *
 *   node unix-relay.mjs SOCKET PORT
 */
import { connect, createServer } from 'node:net';

const [, , socket = '', port = ''] = process.argv;

createServer((here) => {
  const there = connect(Number(port), '127.0.0.1');
  here.pipe(there).pipe(here);
  here.on('error', () => there.destroy());
  there.on('error', () => here.destroy());
}).listen(socket, () => process.stdout.write('relaying\n'));
