/** The broker as in docs/servers.md: robots by password; pupils without, on their topics only. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { nameOf } from '../net/plan.ts';
import { run } from '../net/shell.ts';

/** Behind tls-front.ts. */
export const BROKER_PORT = '9001';
const PASSWORD = 'only-for-the-field-rig';
export const brokerForPupils = `wss://${nameOf('broker')}/mqtt`;
export const brokerOf = (robot: string): string =>
  `wss://${robot}:${PASSWORD}@${nameOf('broker')}/mqtt`;

/** Writes its files; returns its command line. */
export function brokerWords(folder: string, robot: string): string[] {
  const file = (name: string): string => path.join(folder, name);
  run(['mosquitto_passwd', '-b', '-c', file('broker.passwords'), robot, PASSWORD]);
  writeFileSync(
    file('broker.rights'),
    [
      'topic write deskmate/1/+/signal/+/up',
      'topic read deskmate/1/+/signal/+/down',
      'topic read deskmate/1/+/$state',
      `user ${robot}`,
      `topic readwrite deskmate/1/${robot}/#`,
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  writeFileSync(
    file('broker.conf'),
    [
      'user root',
      'persistence false',
      'log_dest stderr',
      'allow_anonymous true',
      `password_file ${file('broker.passwords')}`,
      `acl_file ${file('broker.rights')}`,
      // Debian 12's does not start with a WebSocket alone.
      'listener 1883 127.0.0.1',
      `listener ${BROKER_PORT}`,
      'protocol websockets',
      '',
    ].join('\n'),
  );
  return ['mosquitto', '-v', '-c', file('broker.conf')];
}

export const BROKER_LISTENS = /mosquitto version \S+ running/;
