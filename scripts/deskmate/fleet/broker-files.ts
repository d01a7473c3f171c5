/** Ready configurations of a broker for a fleet, with its certificates. */
import { issueServer } from '../../../agent/pki/issue.ts';
import { mosquittoAcl, mosquittoListener, natsConfiguration } from './broker-configuration.ts';
import { FleetError } from './fleet-error.ts';
import type { FleetFolder } from './fleet-folder.ts';

export const BROKERS = ['mosquitto', 'nats'] as const;
export type BrokerKind = (typeof BROKERS)[number];

/** Where the files are on the broker's machine, as its configuration names them. */
const PLACE = { mosquitto: '/etc/mosquitto/deskmate', nats: '/etc/nats/deskmate' } as const;
const NATS_NODES = 3;

export interface BrokerFile {
  /** Relative. */
  readonly name: string;
  readonly text: string;
  /** A private key. */
  readonly secret: boolean;
}

const IP = /^\d{1,3}(\.\d{1,3}){3}$|:/;
const named = (value: string) => ({ type: IP.test(value) ? 'ip' : 'dns', value }) as const;

/** `hosts`: names or addresses of the broker's machines, three for NATS. Throws FleetError. */
export async function brokerFiles(
  fleet: FleetFolder,
  kind: BrokerKind,
  { hosts, nowMs }: { readonly hosts: readonly string[]; readonly nowMs: number },
): Promise<readonly BrokerFile[]> {
  const common = [open('ca.pem', await fleet.rootCa())];
  if (kind === 'mosquitto') return [...common, ...(await mosquitto(fleet, hosts, nowMs))];
  if (hosts.length === NATS_NODES) return [...common, ...(await nats(fleet, hosts, nowMs))];
  const why = `--host: a cluster has ${NATS_NODES} nodes, expected as many, got ${hosts.length}`;
  throw new FleetError('wrong', '--host', why);
}

async function mosquitto(
  fleet: FleetFolder,
  hosts: readonly string[],
  nowMs: number,
): Promise<BrokerFile[]> {
  const at = (name: string): string => `${PLACE.mosquitto}/${name}`;
  const issuing = await fleet.issuing();
  const { cert, key } = await issueServer(issuing, hosts.map(named), nowMs);
  const listener = mosquittoListener({
    listen: '8883',
    files: { cert: at('server.pem'), key: at('server-key.pem'), ca: at('ca.pem') },
    revoked: at('revoked.pem'),
  });
  const head = `per_listener_settings true\n${listener}allow_anonymous false\nacl_file ${at('acl')}\n`;
  return [
    open('deskmate.conf', head),
    open('acl', mosquittoAcl(fleet.about.services)),
    open('revoked.pem', await fleet.revocationList()),
    open('server.pem', cert),
    { name: 'server-key.pem', text: key, secret: true },
  ];
}

async function nats(
  fleet: FleetFolder,
  hosts: readonly string[],
  nowMs: number,
): Promise<BrokerFile[]> {
  const at = (name: string): string => `${PLACE.nats}/${name}`;
  const issuing = await fleet.issuing();
  // A revoked robot is left out: NATS has no revocation list.
  const robots = (await fleet.robots())
    .filter(({ revokedMs, certificates }) => revokedMs === null && certificates.length > 0)
    .map(({ id }) => id);
  const files: BrokerFile[] = [];
  for (const [index, host] of hosts.entries()) {
    const node = `node${index + 1}`;
    const { cert, key } = await issueServer(issuing, [named(host)], nowMs);
    const configuration = natsConfiguration(
      {
        ...{ name: node, client: '0.0.0.0:4222', mqtt: '0.0.0.0:8883', cluster: '0.0.0.0:6222' },
        routes: hosts.map((one) => `nats-route://${one.includes(':') ? `[${one}]` : one}:6222`),
        store: '/var/lib/nats',
        files: { cert: at(`${node}.pem`), key: at(`${node}-key.pem`), ca: at('ca.pem') },
      },
      fleet.about.fleet,
      { robots, services: fleet.about.services },
    );
    files.push(open(`${node}.conf`, configuration), open(`${node}.pem`, cert));
    files.push({ name: `${node}-key.pem`, text: key, secret: true });
  }
  return files;
}

const open = (name: string, text: string): BrokerFile => ({ name, text, secret: false });
