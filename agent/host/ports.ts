/** Listening on ports that others may have. */
import { codeOf } from '../../hal/common/errors.ts';
import type { WebServer } from '../web/web-server.ts';
import type { SimBroker } from './broker.ts';
import { OptionError, TakenError } from './given.ts';

/** The pages' port is printed and bookmarked: it is this one or none. */
export async function listenOn(
  web: WebServer,
  { port, host }: { port: number; host: string },
  command = 'make sim',
): Promise<number> {
  try {
    return await web.listen(port, host);
  } catch (error) {
    const Why = codeOf(error) === 'EADDRINUSE' ? TakenError : OptionError;
    throw new Why(explain(error, port, host, command));
  }
}

/** Nobody types the broker's port: when it is taken, any other will do. */
export async function listenSomewhere(broker: SimBroker, port: number): Promise<number> {
  try {
    return await broker.start(port);
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error;
    return broker.start(0);
  }
}

function explain(error: unknown, port: number, host: string, command: string): string {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return `Port ${port} is taken by another program. Choose another one: ${command} PORT=${port + 100}`;
    case 'EACCES':
      return `Port ${port} may not be opened by you. Choose one above 1023: ${command} PORT=8300`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return `${host} is no address of this machine. Leave HOST out, or use HOST=0.0.0.0`;
    default:
      return `The web server could not listen on ${host}:${port}: ${error}`;
  }
}
