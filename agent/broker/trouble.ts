/** Why there is no working connection to the broker: a kind for programs, a sentence for staff. */
import { StrangePacket } from './packet-gauge.ts';

const TROUBLES = [
  /** DNS, network or port, or no MQTT there. */
  'unreachable',
  /** The certificate, or TLS itself. */
  'tls',
  /** Connected, but no CONNACK. */
  'silent',
  /** User name or password. */
  'credentials',
  /** The client id was refused. */
  'clientId',
  /** This version of MQTT was refused. */
  'version',
  /** Refused for another reason, at present. */
  'refused',
  /** A required subscription was refused. */
  'subscription',
  /** Another client with the same id takes over the connection. */
  'session',
  /** A packet that a broker must not send. */
  'strange',
  /** The connection was lost. */
  'lost',
] as const;

export interface LinkTrouble {
  readonly kind: (typeof TROUBLES)[number];
  /** English, one sentence. */
  readonly why: string;
  /** The reason code exists in MQTT 5 only, so the broker supports it. */
  readonly speaks5?: boolean;
}

const OTHER_VERSION: LinkTrouble = {
  kind: 'version',
  why: 'the broker does not speak this version of MQTT',
};
const CLIENT_ID: LinkTrouble = { kind: 'clientId', why: 'the broker does not take the client id' };
const credentials = (why: string): LinkTrouble => ({ kind: 'credentials', why });
const PASSWORD = credentials('the broker does not take the user name or password');
const SHUT_OUT = credentials('the broker does not let this robot in');

/** MQTT 3.1.1, 3.2.2.3: return codes of CONNACK. */
const CONNACK_3: Readonly<Record<number, LinkTrouble>> = {
  ...{ 1: OTHER_VERSION, 2: CLIENT_ID, 4: PASSWORD, 5: SHUT_OUT },
  3: { kind: 'refused', why: 'the broker says that it is not available' },
};

/** MQTT 5, 2.4: reason codes of CONNACK and DISCONNECT. */
const REASONS_5: Readonly<Record<number, LinkTrouble>> = {
  ...{ 132: OTHER_VERSION, 133: CLIENT_ID, 134: PASSWORD, 135: SHUT_OUT },
  138: credentials('the broker has banned this robot'),
  140: credentials('the broker wants another way to log in'),
  142: { kind: 'session', why: 'another client with the same id has taken this one’s place' },
};

/** The broker accepted the connection and closed it without a packet. */
export const unspoken: LinkTrouble = {
  kind: 'silent',
  why: 'the broker ends the connection before it greets: does it want encryption (mqtts:, wss:), or none?',
};

/** Other reason codes by which a reachable broker refuses. */
const REFUSALS_5: Readonly<Record<number, string>> = {
  136: 'the broker says that it is not available',
  137: 'the broker says that it is busy',
  139: 'the broker is being stopped',
  147: 'the broker has more messages of this robot at work than it wants',
  149: 'the broker does not take messages as long as this robot’s',
  150: 'the broker says that this robot sends too often',
  151: 'the broker says that this robot has used up its quota',
  152: 'somebody who runs the broker has ended the connection',
  154: 'the broker keeps no retained messages, and this robot needs them',
  155: 'the broker does not acknowledge messages (quality 1), and this robot needs it',
  156: 'the broker wants this robot to use another one for now',
  157: 'the broker has moved: change its address in the configuration',
  159: 'the broker says that robots connect too often',
  162: 'the broker does not allow subscriptions with “+”, and this robot needs one',
};
/** Lower codes may also come from a broker that did not understand (unspecified, malformed). */
const UNDERSTOOD = 132;

/** The broker did not send a required response (MQTT 3.1.1, 3.8.4 and 4.3.2). */
export const unanswered: LinkTrouble = {
  kind: 'subscription',
  why: 'the broker does not answer when this robot asks to hear its topic',
};
export const unacknowledged: LinkTrouble = {
  kind: 'silent',
  why: 'the broker takes messages and acknowledges none',
};

/** From the reason code of a CONNACK or DISCONNECT. */
export function troubleOfCode(
  code: number,
  { serverReference }: { serverReference?: string } = {},
): LinkTrouble {
  const known = CONNACK_3[code] ?? REASONS_5[code];
  if (known) return known;
  const why = REFUSALS_5[code] ?? `the broker refuses with reason ${code}`;
  // Never followed automatically: a hostile broker could send the robot anywhere.
  const place = serverReference
    ? ` (it names ${JSON.stringify(serverReference.slice(0, 120))})`
    : '';
  return { kind: 'refused', why: why + place, ...(code >= UNDERSTOOD && { speaks5: true }) };
}

/** How messages of mqtt-packet's parse errors begin. */
const PARSER = /^(Cannot parse|Malformed|Invalid|Unknown property|Not supported|Protocol error)/;

/** OpenSSL's certificate errors, in plain words. */
const CERTIFICATE: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the broker’s certificate has expired (or the robot’s clock is wrong)',
  CERT_NOT_YET_VALID: 'the broker’s certificate is not valid yet: the robot’s clock is wrong',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the broker’s certificate is its own word only: configure brokerCa',
  SELF_SIGNED_CERT_IN_CHAIN: 'nobody here knows who issued the certificate: configure brokerCa',
  UNABLE_TO_GET_ISSUER_CERT: 'nobody here knows who issued the certificate: configure brokerCa',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'nobody here knows who issued the certificate: configure brokerCa',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the broker does not send the whole chain of its certificate, or configure brokerCa',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the broker’s certificate is for another name',
};

const NETWORK: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the broker’s name is not known here',
  EAI_AGAIN: 'the broker’s name cannot be looked up: is there a network?',
  ECONNREFUSED: 'nobody listens at the broker’s address',
  EHOSTUNREACH: 'there is no way to the broker’s address',
  ENETUNREACH: 'there is no network',
  ETIMEDOUT: 'the broker’s address does not answer',
};

/** From an error of the stream or of the library. */
export function troubleOfError(error: Error): LinkTrouble {
  if (error instanceof StrangePacket)
    return { kind: 'strange', why: `the broker sent ${error.message}` };
  const code = 'code' in error ? error.code : undefined;
  // Other numbers are the library's own, for packets it could not parse.
  if (typeof code === 'number' && /^Connection refused/.test(error.message))
    return troubleOfCode(code);
  if (typeof code === 'number' || PARSER.test(error.message))
    return { kind: 'strange', why: `the broker sent what is no MQTT: ${error.message}` };
  const name = typeof code === 'string' ? code : '';
  const certificate = CERTIFICATE[name];
  if (certificate) return { kind: 'tls', why: certificate };
  if (/^(ERR_SSL_|ERR_TLS_|EPROTO|CERT_|UNABLE_TO_)/.test(name))
    return { kind: 'tls', why: `no encrypted connection to the broker: ${name}` };
  if (/connack timeout/i.test(error.message))
    return { kind: 'silent', why: 'the broker takes the connection and does not greet' };
  if (/^Unexpected server response/.test(error.message))
    return {
      kind: 'unreachable',
      why: `a web server answers, and not with MQTT: ${error.message}`,
    };
  if (/max payload size/i.test(error.message))
    return { kind: 'strange', why: 'the broker sent a WebSocket message that is far too long' };
  const known = NETWORK[name];
  if (known) return { kind: 'unreachable', why: known };
  return { kind: 'lost', why: `the connection to the broker broke: ${name || error.message}` };
}
