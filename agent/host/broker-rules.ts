/**
 * Who may do what on the broker. Pure, so that it can be read and tested as a list. It keeps
 * pupils' devices from each other and from fleet topics; it is not what makes a session secure:
 * signalling is signed end to end and holds against a hostile broker too (docs/access.md).
 */
import { MAX_SIGNAL_BYTES } from '../wire/limits.ts';
import { PeerId, RobotId } from '../wire/topics.ts';

export type Who =
  /** Anybody with a browser: no name, no password. */
  | { readonly kind: 'pupil' }
  /** A robot, by its own password. */
  | { readonly kind: 'robot'; readonly robot: string };

export type BrokerRefusal = 'topic' | 'tooLong' | 'retained';

export interface Publication {
  readonly topic: string;
  readonly bytes: number;
  readonly retain: boolean;
}

/** The reason why not, or undefined when it may. */
export function whyNotPublish(who: Who, publication: Publication): BrokerRefusal | undefined {
  const { topic, bytes, retain } = publication;
  if (bytes > MAX_SIGNAL_BYTES) return 'tooLong';
  if (who.kind === 'robot')
    return topic.startsWith(`deskmate/1/${who.robot}/`) ? undefined : 'topic';
  // A retained offer would greet the robot again at each of its starts.
  if (retain) return 'retained';
  return isSignal(topic, 'up') ? undefined : 'topic';
}

export function whyNotSubscribe(who: Who, filter: string): BrokerRefusal | undefined {
  if (who.kind === 'robot')
    return filter.startsWith(`deskmate/1/${who.robot}/`) ? undefined : 'topic';
  return isSignal(filter, 'down') || isState(filter) ? undefined : 'topic';
}

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
