/**
 * Who may do what on the broker. Pure, so that it can be read and tested as a list. It keeps
 * pupils' devices from each other and from fleet topics; it is not what makes a session secure:
 * signalling is signed end to end and holds against a hostile broker too (docs/access.md).
 */
import { MAX_SIGNAL_BYTES } from '../wire/limits.ts';
import { PeerId, RobotId, topics } from '../wire/topics.ts';

export type Who =
  /** Anybody with a browser: no name, no password. */
  | { readonly kind: 'pupil' }
  /** A robot, by its own password. */
  | { readonly kind: 'robot'; readonly robot: string };

type BrokerRefusal = 'topic' | 'tooLong' | 'retained';

interface Publication {
  readonly topic: string;
  readonly bytes: number;
  readonly retain: boolean;
}

/** The reason why not, or undefined when it may. */
export function whyNotPublish(who: Who, publication: Publication): BrokerRefusal | undefined {
  const { topic, bytes, retain } = publication;
  if (bytes > MAX_SIGNAL_BYTES) return 'tooLong';
  if (who.kind === 'robot')
    return isOwn(who.robot, topic) && !isReadOnly(who.robot, topic) ? undefined : 'topic';
  // A retained offer would greet the robot again at each of its starts.
  if (retain) return 'retained';
  return isSignal(topic, 'up') ? undefined : 'topic';
}

export function whyNotSubscribe(who: Who, filter: string): BrokerRefusal | undefined {
  if (who.kind === 'robot') return isOwn(who.robot, filter) ? undefined : 'topic';
  return isSignal(filter, 'down') || isState(filter) ? undefined : 'topic';
}

const isOwn = (robot: string, topic: string): boolean => topic.startsWith(`deskmate/1/${robot}/`);

/** What the fleet says to the robot: a robot that could write it might retain it for itself. */
const isReadOnly = (robot: string, topic: string): boolean =>
  [topics.order, topics.recordAck, topics.certificateAnswer].some((of) => of(robot) === topic);

/** `deskmate/1/<robot>/signal/<peer>/<direction>`, exact: a wildcard is neither robot nor peer. */
function isSignal(topic: string, direction: 'up' | 'down'): boolean {
  const [root, version, robot, signal, peer, end, ...more] = topic.split('/');
  return (
    root === 'deskmate' &&
    version === '1' &&
    RobotId.safeParse(robot).success &&
    signal === 'signal' &&
    PeerId.safeParse(peer).success &&
    end === direction &&
    more.length === 0
  );
}

function isState(topic: string): boolean {
  const [root, version, robot, state, ...more] = topic.split('/');
  return (
    root === 'deskmate' &&
    version === '1' &&
    RobotId.safeParse(robot).success &&
    state === '$state' &&
    more.length === 0
  );
}

/** A payload and its topic. */
const MAX_PACKET_BYTES = MAX_SIGNAL_BYTES + 1_024;

/**
 * Follows the lengths of MQTT packets in a byte stream (MQTT 3.1.1, section 2.2.3) and says when
 * one is longer than we take: the broker would otherwise gather up to 256 MB before it looks.
 */
export class PacketCap {
  /** Bytes of the present packet still to come. */
  private left = 0;
  private length = 0;
  private shift = 0;
  private inHeader = false;

  /** False from the first packet that is too long. Takes what `ws` delivers. */
  take(data: Buffer | ArrayBuffer | Buffer[]): boolean {
    const chunks = Array.isArray(data) ? data : [data];
    return chunks.every((chunk) => this.walk(new Uint8Array(chunk)));
  }

  private walk(bytes: Uint8Array): boolean {
    let at = 0;
    while (at < bytes.length) {
      if (this.left > 0) {
        const step = Math.min(this.left, bytes.length - at);
        this.left -= step;
        at += step;
      } else if (!this.header(bytes[at++] ?? 0)) return false;
    }
    return true;
  }

  /** The first byte is type and flags, then the length in 7 bits a byte, lowest first. */
  private header(byte: number): boolean {
    if (!this.inHeader) {
      this.inHeader = true;
      this.length = 0;
      this.shift = 0;
      return true;
    }
    this.length += (byte & 0x7f) << this.shift;
    this.shift += 7;
    if (this.length > MAX_PACKET_BYTES || this.shift > 28) return false;
    if (byte & 0x80) return true;
    this.inHeader = false;
    this.left = this.length;
    return true;
  }
}
