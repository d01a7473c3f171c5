/** The issuer's side of a renewal, for the fleet service. */
import { type CertificateAnswer, CertificateRequest } from '../wire/certificate.ts';
import type { Authority } from './authority.ts';
import { chainPem, issueClient } from './issue.ts';
import { examineRequest } from './request.ts';

export interface IssuerState {
  readonly fleet: string;
  readonly issuingCa: Authority;
  readonly knownRobots: ReadonlySet<string>;
  readonly revokedRobots: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

interface Answered {
  readonly answer: CertificateAnswer;
  /** Serial number of what was issued, hexadecimal: to be kept, for a later revocation. */
  readonly serial?: string;
}

/**
 * `topicRobot`: the robot in the topic that the message came by, which the broker has checked; a
 * payload that names another one is refused. Undefined when the payload is not a request: there
 * is nothing to answer to. Never throws.
 */
export async function answerCertificateRequest(
  payload: unknown,
  topicRobot: string,
  state: IssuerState,
): Promise<Answered | undefined> {
  const parsed = CertificateRequest.safeParse(payload);
  if (!parsed.success) return undefined;
  const { id, robot, request } = parsed.data;
  if (robot !== topicRobot) return { answer: { id, refused: 'otherName' } };
  if (state.revokedRobots.has(robot)) return { answer: { id, refused: 'revoked' } };
  if (!state.knownRobots.has(robot)) return { answer: { id, refused: 'unknownRobot' } };
  const holder = { kind: 'robot', id: robot } as const;
  const examined = await examineRequest(request, holder);
  if (!examined.ok) return { answer: { id, refused: examined.reason } };
  const { fleet, issuingCa, nowMs } = state;
  const { publicKey } = examined;
  const certificate = await issueClient(issuingCa, { holder, fleet, publicKey }, nowMs);
  const chain = chainPem([certificate, issuingCa.certificate]);
  return { answer: { id, certificate: chain }, serial: certificate.serialNumber };
}
