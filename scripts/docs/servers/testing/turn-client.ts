/** As much of a TURN client as shows whether a relay takes somebody's credentials (RFC 8656). */
import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:tls';
import {
  ATTRIBUTE,
  CLASS,
  METHOD,
  readStun,
  type StunMessage,
  uint32,
  utf8,
  writeStun,
  xorAddress,
} from '../../../../sim/network/stun.ts';

export interface Credentials {
  readonly username: string;
  readonly credential: string;
}

/** Sends one message, resolves with the next. */
type Ask = (message: Buffer) => Promise<StunMessage>;
interface Way {
  readonly ask: Ask;
  close(): void;
}

const ANSWER_MS = 3_000;
/** Protocol number of UDP, and three reserved bytes. */
const UDP = uint32(17 << 24);

/** `allocated` or the code and words of the relay; then whether it lets us send to `peer`. */
export async function allocate(
  way: Way,
  credentials: Credentials,
  peer?: string,
): Promise<{ readonly allocated: string; readonly permitted?: string }> {
  try {
    const challenge = await way.ask(
      request(METHOD.allocate, [[ATTRIBUTE.requestedTransport, UDP]]),
    );
    const realm = challenge.attributes.get(ATTRIBUTE.realm) ?? Buffer.alloc(0);
    const nonce = challenge.attributes.get(ATTRIBUTE.nonce) ?? Buffer.alloc(0);
    const { username, credential } = credentials;
    const key = createHash('md5').update(`${username}:${realm}:${credential}`).digest();
    const signed = (method: number, own: [number, Buffer][]): Buffer =>
      request(
        method,
        [
          ...own,
          [ATTRIBUTE.username, utf8(username)],
          [ATTRIBUTE.realm, realm],
          [ATTRIBUTE.nonce, nonce],
        ],
        key,
      );
    const allocation = signed(METHOD.allocate, [[ATTRIBUTE.requestedTransport, UDP]]);
    const allocated = told(await way.ask(allocation), 'allocated');
    if (peer === undefined || allocated !== 'allocated') return { allocated };
    const address = xorAddress({ address: peer, port: 9 });
    const permission = signed(METHOD.createPermission, [[ATTRIBUTE.xorPeerAddress, address]]);
    return { allocated, permitted: told(await way.ask(permission), 'permitted') };
  } finally {
    way.close();
  }
}

export function byUdp(port: number): Way {
  const socket = createSocket('udp4');
  return {
    ask: (message) =>
      inTime((resolve, reject) => {
        socket.once('message', (bytes) => resolve(bytes));
        socket.once('error', reject);
        socket.send(message, port, '127.0.0.1');
      }),
    close: () => socket.close(),
  };
}

export function byTls(port: number, ca: string, servername: string): Way {
  const socket = connect({ port, host: '127.0.0.1', ca, servername });
  return {
    ask: (message) =>
      inTime((resolve, reject) => {
        socket.once('data', resolve);
        socket.once('error', reject);
        socket.write(message);
      }),
    close: () => socket.destroy(),
  };
}

async function inTime(
  act: (resolve: (bytes: Buffer) => void, reject: (error: Error) => void) => void,
): Promise<StunMessage> {
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the relay says nothing')), ANSWER_MS);
    act((got) => {
      clearTimeout(late);
      resolve(got);
    }, reject);
  });
  const message = readStun(bytes);
  if (!message) throw new Error('what the relay says is no STUN');
  return message;
}

const request = (method: number, attributes: [number, Buffer][], key?: Buffer): Buffer =>
  writeStun(method, CLASS.request, randomBytes(12), attributes, key);

function told({ kind, attributes }: StunMessage, well: string): string {
  if (kind === CLASS.success) return well;
  const error = attributes.get(ATTRIBUTE.errorCode) ?? Buffer.alloc(4);
  return `${error.readUInt8(2) * 100 + error.readUInt8(3)} ${error.subarray(4)}`.replaceAll(
    '\0',
    '',
  );
}
