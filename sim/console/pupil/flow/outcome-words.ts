import type { PlainKey } from '../words/dictionaries.ts';
import type { EndReason, Outcome, RefusalReason } from './screens.ts';

/** What happened, and what one can do about it. */
export interface OutcomeWords {
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
  lost: { title: 'endLost', text: 'endLostText', again: true },
};

const failed: OutcomeWords = { title: 'noFailed', text: 'noFailedText', again: true };

/** Reasons that only a faulty or hostile program meets are one to a child: it did not work. */
const REFUSALS: Readonly<Record<RefusalReason, OutcomeWords>> = {
  inUse: { title: 'noInUse', text: 'noInUseText', again: true },
  notAvailable: { title: 'noAvailable', text: 'noAvailableText', again: true },
  noAnswer: { title: 'noAnswer', text: 'noAnswerText', again: true },
  brokerUnreachable: { title: 'noBroker', text: 'noBrokerText', again: true },
  unknownDevice: { title: 'noKnown', text: 'noKnownText', again: false },
  invitationUnknown: { title: 'noInviteOld', text: 'noInviteOldText', again: false },
  invitationUsed: { title: 'noInviteUsed', text: 'noInviteUsedText', again: false },
  invitationExpired: { title: 'noInviteOld', text: 'noInviteOldText', again: false },
  forgedRobot: { title: 'noForged', text: 'noForgedText', again: false },
  noMicrophone: { title: 'noMicrophone', text: 'noMicrophoneText', again: true },
  malformed: failed,
  tooLong: failed,
  tooMany: failed,
  staleChallenge: failed,
  notAuthentic: failed,
  failed,
};

export function refusalWords(reason: RefusalReason): OutcomeWords {
  return REFUSALS[reason];
}

export function outcomeWords(outcome: Outcome): OutcomeWords {
  return outcome.kind === 'ended' ? ENDS[outcome.why] : REFUSALS[outcome.reason];
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
