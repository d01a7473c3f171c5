import type { PlainKey } from '../words/dictionaries.ts';
import type { EndReason, Outcome, RefusalReason } from './screens.ts';

/** What happened, and what one can do about it. */
interface OutcomeWords {
  readonly title: PlainKey;
  readonly text: PlainKey;
  /** Whether trying again at once makes sense. */
  readonly again: boolean;
}

const ENDS: Readonly<Record<EndReason, OutcomeWords>> = {
  hangUp: { title: 'endHangUp', text: 'endHangUpText', again: true },
  robotStopped: { title: 'endStopped', text: 'endStoppedText', again: true },
  takenOver: { title: 'endTakenOver', text: 'endTakenOverText', again: true },
  revoked: { title: 'endRevoked', text: 'endRevokedText', again: false },
  batteryEmpty: { title: 'endBattery', text: 'endBatteryText', again: true },
  tooHot: { title: 'endHot', text: 'endHotText', again: true },
  lessonOver: { title: 'endLesson', text: 'endLessonText', again: false },
  lost: { title: 'endLost', text: 'endLostText', again: true },
};

const OTHER_TAB: OutcomeWords = {
  title: 'endOtherTab',
  text: 'endOtherTabText',
  again: true,
};

const failed: OutcomeWords = { title: 'noFailed', text: 'noFailedText', again: true };

/** Another version of page or robot is what makes these happen to people. */
const unreadable: OutcomeWords = { title: 'noUnreadable', text: 'noUnreadableText', again: true };

/** Each reason has a sentence that is true of it; `failed` alone is for what nobody foresaw. */
const REFUSALS: Readonly<Record<RefusalReason, OutcomeWords>> = {
  inUse: { title: 'noInUse', text: 'noInUseText', again: true },
  notAvailable: { title: 'noAvailable', text: 'noAvailableText', again: true },
  notInLesson: { title: 'noLesson', text: 'noLessonText', again: true },
  noAnswer: { title: 'noAnswer', text: 'noAnswerText', again: true },
  brokerUnreachable: { title: 'noBroker', text: 'noBrokerText', again: true },
  unknownDevice: { title: 'noKnown', text: 'noKnownText', again: false },
  invitationUnknown: { title: 'noInviteUnknown', text: 'noInviteUnknownText', again: false },
  invitationUsed: { title: 'noInviteUsed', text: 'noInviteUsedText', again: false },
  invitationExpired: { title: 'noInviteOld', text: 'noInviteOldText', again: false },
  clockUnknown: { title: 'noClock', text: 'noClockText', again: true },
  forgedRobot: { title: 'noForged', text: 'noForgedText', again: false },
  noMicrophone: { title: 'noMicrophone', text: 'noMicrophoneText', again: true },
  malformed: unreadable,
  tooLong: unreadable,
  tooMany: { title: 'noTooMany', text: 'noTooManyText', again: true },
  staleChallenge: { title: 'noStale', text: 'noStaleText', again: true },
  notAuthentic: { title: 'noAuthentic', text: 'noAuthenticText', again: true },
  failed,
};

/** Where a reason means something else for a device that is being linked. */
const BINDING: Partial<Record<RefusalReason, OutcomeWords>> = {
  notAvailable: { title: 'bindUnavailable', text: 'bindUnavailableText', again: true },
};

/** Why a device was not linked. */
export function bindingWords(reason: RefusalReason): OutcomeWords {
  return BINDING[reason] ?? REFUSALS[reason];
}

/** Why a pupil was not let in. */
export function refusalWords(reason: RefusalReason): OutcomeWords {
  return REFUSALS[reason];
}

export function outcomeWords(outcome: Outcome): OutcomeWords {
  switch (outcome.kind) {
    case 'ended':
      return ENDS[outcome.why];
    case 'refused':
      return REFUSALS[outcome.reason];
    case 'otherTab':
      return OTHER_TAB;
  }
}

/** The typed reason of an error that the client threw; `failed` for one that it did not foresee. */
export function refusalOf(error: unknown): RefusalReason {
  if (typeof error !== 'object' || error === null || !('reason' in error)) return 'failed';
  const { reason } = error;
  if (reason === 'notBound') return 'unknownDevice';
  return typeof reason === 'string' && isRefusal(reason) ? reason : 'failed';
}

function isRefusal(reason: string): reason is RefusalReason {
  return Object.hasOwn(REFUSALS, reason);
}
