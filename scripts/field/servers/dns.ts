/** A minimal name server for the rig's names: IPv4 addresses only (RFC 1035). Pure. */
import { nameOf, SERVERS, type Server } from '../net/plan.ts';

const HEADER = 12;
const A = 1;
const IN = 1;
const TTL_S = 60;
/** A pointer to the name in the question (section 4.1.4). */
const SAME_NAME = 0xc0_0c;

const ADDRESSES = new Map<string, string>(
  (Object.keys(SERVERS) as Server[]).map((server) => [nameOf(server), SERVERS[server]]),
);

/** The answer to a query; undefined for a malformed one. Unknown names do not exist. */
export function answerTo(query: Buffer): Buffer | undefined {
  const question = readQuestion(query);
  if (!question) return undefined;
  const { name, type, end } = question;
  const address = ADDRESSES.get(name);
  const found = address !== undefined && type === A ? [record(address)] : [];
  const answer = Buffer.concat([query.subarray(0, end), ...found]);
  // A response, recursion desired and available; NXDOMAIN for unknown names.
  answer.writeUInt16BE(address === undefined ? 0x81_83 : 0x81_80, 2);
  answer.writeUInt16BE(1, 4);
  answer.writeUInt16BE(found.length, 6);
  answer.writeUInt32BE(0, 8);
  return answer;
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } | undefined {
  const labels: string[] = [];
  let at = HEADER;
  for (;;) {
    const length = query[at];
    if (length === undefined || length > 63) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(query.toString('latin1', at, at + length));
    at += length;
  }
  const end = at + 4;
  if (end > query.length) return undefined;
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at), end };
}

function record(address: string): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16BE(SAME_NAME, 0);
  bytes.writeUInt16BE(A, 2);
  bytes.writeUInt16BE(IN, 4);
  bytes.writeUInt32BE(TTL_S, 6);
  bytes.writeUInt16BE(4, 10);
  bytes.set(address.split('.').map(Number), 12);
  return bytes;
}
