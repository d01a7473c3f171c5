/** Configurations of brokers for the fleet's robots. Pure: text from names, the same each time. */
import { commonNameOf, dnsNameOf, type Holder } from '../../../agent/pki/names.ts';
import { RobotId } from '../../../agent/wire/topics.ts';

/** Below `deskmate/1/<robot>/`, as seen from the robot. */
const WRITES = [
  ...['$state', 'telemetry', 'usage', 'identity', 'reported', 'receipt', 'audit', 'records'],
  ...['time/ask', 'certificate/request', 'signal/+/down'],
];
const READS = [
  ...['order', 'desired', 'records/ack', 'time/answer', 'certificate/answer'],
  'signal/+/up',
];

/** Signalling is between robot and pupil. */
const isForFleet = (topic: string): boolean => !topic.startsWith('signal/');

/** `mosquitto.acl`: by user, which is the common name of the certificate. `services`: their ids. */
export function mosquittoAcl(services: readonly string[]): string {
  const users = services.flatMap((id) => [
    `user ${commonNameOf({ kind: 'service', id: RobotId.parse(id) })}`,
    ...WRITES.filter(isForFleet).map((topic) => `topic read deskmate/1/+/${topic}`),
    ...READS.filter(isForFleet).map((topic) => `topic write deskmate/1/+/${topic}`),
    '',
  ]);
  const lines = [
    ...users,
    ...WRITES.map((topic) => `pattern write deskmate/1/%u/${topic}`),
    ...READS.map((topic) => `pattern read deskmate/1/%u/${topic}`),
  ];
  return `${lines.join('\n')}\n`;
}

interface Files {
  readonly cert: string;
  readonly key: string;
  /** PEM of the fleet's root. */
  readonly ca: string;
}

/** A listener for robots with certificates; goes beside the one for users with passwords. */
export function mosquittoListener(at: {
  readonly listen: string;
  readonly files: Files;
  /** PEM of the revocation list. Mosquitto reads it at its start: restart it after a change. */
  readonly revoked: string;
}): string {
  const { cert, key, ca } = at.files;
  return `listener ${at.listen}
certfile ${cert}
keyfile ${key}
cafile ${ca}
crlfile ${at.revoked}
require_certificate true
use_identity_as_username true
tls_version tlsv1.2
`;
}

export interface NatsNode {
  readonly name: string;
  /** host:port, each. */
  readonly client: string;
  readonly mqtt: string;
  readonly cluster: string;
  /** `nats-route://host:port` of all nodes. */
  readonly routes: readonly string[];
  readonly store: string;
  readonly files: Files;
}

/** One of three nodes. Reload each (SIGHUP) when a robot was added or revoked: they are all in it. */
export function natsConfiguration(
  node: NatsNode,
  fleet: string,
  {
    robots,
    services,
  }: { readonly robots: readonly string[]; readonly services: readonly string[] },
): string {
  const { cert, key, ca } = node.files;
  const tls = `cert_file: "${cert}", key_file: "${key}", ca_file: "${ca}"`;
  const users = [
    ...robots.map((id) => natsUser({ kind: 'robot', id: RobotId.parse(id) }, fleet)),
    ...services.map((id) => natsUser({ kind: 'service', id: RobotId.parse(id) }, fleet)),
  ];
  return `server_name: ${node.name}
listen: "${node.client}"
tls { ${tls}, verify_and_map: true }
max_payload: 65536
jetstream { store_dir: "${node.store}" }
mqtt {
  listen: "${node.mqtt}"
  stream_replicas: 3
  consumer_replicas: 3
  tls { ${tls}, verify_and_map: true, timeout: 5 }
}
cluster {
  name: ${fleet}
  listen: "${node.cluster}"
  routes: [${node.routes.map((route) => JSON.stringify(route)).join(', ')}]
  tls { ${tls}, verify: true, timeout: 5 }
}
authorization {
  users: [
${users.join('\n')}
  ]
}
`;
}

/** NATS writes topics with dots and `*`. QoS 1 reaches a client by subjects of `$MQTT.sub`. */
function natsUser(holder: Holder, fleet: string): string {
  const isRobot = holder.kind === 'robot';
  const subject = (topic: string): string =>
    JSON.stringify(
      `deskmate.1.${isRobot ? holder.id : '*'}.${topic.replaceAll('/', '.').replaceAll('+', '*')}`,
    );
  const [writes, reads] = isRobot
    ? [WRITES, READS]
    : [READS.filter(isForFleet), WRITES.filter(isForFleet)];
  const publish = writes.map(subject).join(', ');
  const subscribe = [...reads.map(subject), '"$MQTT.sub.>"'].join(', ');
  const user = JSON.stringify(dnsNameOf(holder, fleet));
  return `    { user: ${user}, permissions: { publish: { allow: [${publish}] }, subscribe: { allow: [${subscribe}] } } }`;
}
