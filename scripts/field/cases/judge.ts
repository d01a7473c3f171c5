/** The path of media, and whether it is the case's expected one. Pure. */
import type { End, Way } from '../pupils/probe.ts';

export type Expected =
  /** Within one network. */
  | 'lan'
  /** Direct through both routers, without a relay. */
  | 'direct'
  /** Through the relay, which the pupil's device reaches by this transport. */
  | 'relay/udp'
  | 'relay/tcp'
  | 'relay/tls';

/** For people: `relay/tls - relay`, the pupil's end first. */
export function wayInWords(way: Way | undefined): string {
  return way ? `${endInWords(way.local)} - ${endInWords(way.remote)}` : 'none';
}

/** A browser does not know how the other end reaches its relay. */
function endInWords({ type, relayProtocol }: End): string {
  return type === 'relay' && relayProtocol ? `relay/${relayProtocol}` : type;
}

/** Why the path is not the expected one; undefined when it is. */
export function whyNotThat(expected: Expected, way: Way | undefined): string | undefined {
  if (!way) return `expected ${expected}, got no connection`;
  return fits(expected, way) ? undefined : `expected ${expected}, got ${wayInWords(way)}`;
}

function fits(expected: Expected, { local, remote }: Way): boolean {
  const relayed = local.type === 'relay' || remote.type === 'relay';
  switch (expected) {
    case 'lan':
      return !relayed && local.type !== 'srflx' && remote.type !== 'srflx';
    case 'direct':
      return !relayed && (isMapped(local) || isMapped(remote));
    case 'relay/udp':
      return relayed && (local.type !== 'relay' || local.relayProtocol === 'udp');
    case 'relay/tcp':
      return local.type === 'relay' && local.relayProtocol === 'tcp';
    case 'relay/tls':
      return local.type === 'relay' && local.relayProtocol === 'tls';
  }
}

/** An address that a router gave. */
const isMapped = ({ type }: End): boolean => type === 'srflx' || type === 'prflx';
