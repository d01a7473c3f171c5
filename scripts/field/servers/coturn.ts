/** The relay and the STUN server, on separate addresses so that each can fail alone. */
import { nameOf, SERVERS } from '../net/plan.ts';
import type { Certificates } from './authority.ts';

const PORT = '3478';
const TLS_PORT = '443';
const SECRET = 'only-for-the-field-rig';

const COMMON = ['turnserver', '-n', '--no-cli', '--log-file=stdout', '--simple-log', '--no-dtls'];

export function turnWords({ certificate, key }: Certificates, folder: string): string[] {
  return [
    ...COMMON,
    `--listening-ip=${SERVERS.turn}`,
    `--relay-ip=${SERVERS.turn}`,
    `--listening-port=${PORT}`,
    `--tls-listening-port=${TLS_PORT}`,
    `--cert=${certificate}`,
    `--pkey=${key}`,
    '--fingerprint',
    '--use-auth-secret',
    `--static-auth-secret=${SECRET}`,
    '--realm=field.test',
    `--pidfile=${folder}/turn.pid`,
    `--userdb=${folder}/turn.db`,
    '--verbose',
  ];
}

export function stunWords(folder: string): string[] {
  return [
    ...COMMON,
    '--stun-only',
    '--no-auth',
    '--no-tls',
    `--listening-ip=${SERVERS.stun}`,
    `--listening-port=${PORT}`,
    `--pidfile=${folder}/stun.pid`,
    `--userdb=${folder}/stun.db`,
  ];
}

/** Its listening sockets, as `ss` lists them. */
export const TURN_LISTENS = [`${SERVERS.turn}:${PORT}`, `${SERVERS.turn}:${TLS_PORT}`];
export const STUN_LISTENS = [`${SERVERS.stun}:${PORT}`];

/** One configuration for every network: the robot does not know its network. */
export function iceServers(): object[] {
  const turn = nameOf('turn');
  return [
    { urls: `stun:${nameOf('stun')}:${PORT}` },
    {
      urls: [
        `turn:${turn}:${PORT}?transport=udp`,
        `turn:${turn}:${PORT}?transport=tcp`,
        `turns:${turn}:${TLS_PORT}?transport=tcp`,
      ],
      secret: SECRET,
    },
  ];
}
