/**
 * A program of its own, inside a namespace: hands a Unix socket on to a TCP port there. Files cross
 * namespaces, ports do not.
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
