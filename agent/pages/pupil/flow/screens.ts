/**
 * Which screen the pupil sees, as a value: `nextScreen(screen, event)` knows no page, no client and
 * no time. The app performs what a screen needs and tells what came of it.
 */
import type { Binding, ConnectionState } from '../../../client/api.ts';
import type { Invitation } from '../../../wire/invitation.ts';
import type { NextLesson } from '../../../wire/next-lesson.ts';
import type { Unfit } from '../device/fitness.ts';

export type RefusalReason = Extract<ConnectionState, { name: 'refused' }>['reason'];
export type EndReason = Extract<ConnectionState, { name: 'ended' }>['why'];

export type Outcome =
  | { kind: 'refused'; reason: RefusalReason; nextLesson?: NextLesson }
  | { kind: 'ended'; why: EndReason; nextLesson?: NextLesson }
  /** The lesson goes on in another tab of this device. */
  | { kind: 'otherTab' };

export type Screen =
  | { name: 'opening' }
  /** This browser cannot bring anybody to class; nothing was asked of the robot. */
  | { name: 'unfit'; why: Unfit }
  /** The link was cut or mistyped. */
  | { name: 'badLink' }
  | { name: 'noRobot' }
  | { name: 'invited'; invitation: Invitation; busy: boolean; problem: RefusalReason | undefined }
  | { name: 'newPin'; binding: Binding }
  /** An invitation waits until the device is open: its place is kept behind the same PIN. */
  | { name: 'unlock'; link: OpenedLink }
  | { name: 'choose'; bindings: readonly Binding[] }
  | { name: 'lobby'; binding: Binding }
  | { name: 'travel'; binding: Binding; step: TravelStep }
  | { name: 'class'; binding: Binding }
  | { name: 'over'; binding: Binding; outcome: Outcome };

export type TravelStep = 'reaching' | 'handshaking' | 'joining';

export type FlowEvent =
  | { kind: 'opened'; link: OpenedLink; bindings: readonly Binding[]; locked: boolean }
  | { kind: 'unfit'; why: Unfit }
  | { kind: 'binding' }
  | { kind: 'bound'; binding: Binding; pinExists: boolean }
  | { kind: 'bindFailed'; reason: RefusalReason }
  | { kind: 'pinDone' }
  | { kind: 'unlocked'; bindings: readonly Binding[] }
  | { kind: 'chosen'; binding: Binding }
  | { kind: 'setOut' }
  | { kind: 'joinFailed'; reason: RefusalReason }
  | { kind: 'wentToTab' }
  | { kind: 'connection'; state: ConnectionState };

export type OpenedLink =
  | { kind: 'none' }
  | { kind: 'unreadable' }
  | { kind: 'invitation'; invitation: Invitation };

export function nextScreen(screen: Screen, event: FlowEvent): Screen {
  switch (event.kind) {
    case 'opened':
      return opened(event);
    case 'unfit':
      return { name: 'unfit', why: event.why };
    case 'binding':
      return screen.name === 'invited' ? { ...screen, busy: true, problem: undefined } : screen;
    case 'bindFailed':
      return screen.name === 'invited' ? { ...screen, busy: false, problem: event.reason } : screen;
    case 'bound':
      return event.pinExists
        ? { name: 'lobby', binding: event.binding }
        : { name: 'newPin', binding: event.binding };
    case 'pinDone':
      return screen.name === 'newPin' ? { name: 'lobby', binding: screen.binding } : screen;
    case 'unlocked':
      return screen.name === 'unlock'
        ? opened({ ...event, kind: 'opened', link: screen.link, locked: false })
        : screen;
    case 'chosen':
      return { name: 'lobby', binding: event.binding };
    case 'setOut':
      return 'binding' in screen
        ? { name: 'travel', binding: screen.binding, step: 'reaching' }
        : screen;
    case 'joinFailed':
      return onTheWay(screen)
        ? over(screen.binding, { kind: 'refused', reason: event.reason })
        : screen;
    case 'wentToTab':
      return onTheWay(screen) ? over(screen.binding, { kind: 'otherTab' }) : screen;
    case 'connection':
      return onTheWay(screen) ? connected(screen, event.state) : screen;
  }
}

type OnTheWay = Extract<Screen, { name: 'travel' | 'class' }>;

function onTheWay(screen: Screen): screen is OnTheWay {
  return screen.name === 'travel' || screen.name === 'class';
}

function opened(event: Extract<FlowEvent, { kind: 'opened' }>): Screen {
  if (event.link.kind === 'unreadable') return { name: 'badLink' };
  if (event.locked) return { name: 'unlock', link: event.link };
  if (event.link.kind === 'invitation') {
    const { invitation } = event.link;
    return { name: 'invited', invitation, busy: false, problem: undefined };
  }
  return atDoor(event.bindings);
}

function atDoor(bindings: readonly Binding[]): Screen {
  const [first, second] = bindings;
  if (!first) return { name: 'noRobot' };
  return second ? { name: 'choose', bindings } : { name: 'lobby', binding: first };
}

/** Once in class, a lost connection stays in class: it is found again there, or ended. */
function connected(screen: OnTheWay, state: ConnectionState): Screen {
  const { binding } = screen;
  switch (state.name) {
    case 'reaching':
    case 'handshaking':
    case 'joining':
      return screen.name === 'class' ? screen : { name: 'travel', binding, step: state.name };
    case 'inClass':
      return screen.name === 'class' ? screen : { name: 'class', binding };
    case 'refused':
      return over(binding, { kind: 'refused', reason: state.reason, ...nextOf(state) });
    case 'ended':
      return over(binding, { kind: 'ended', why: state.why, ...nextOf(state) });
    case 'idle':
    case 'reconnecting':
      return screen;
  }
}

function nextOf({ nextLesson }: { readonly nextLesson?: NextLesson }) {
  return nextLesson && { nextLesson };
}

function over(binding: Binding, outcome: Outcome): Screen {
  return { name: 'over', binding, outcome };
}
