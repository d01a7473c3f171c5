/** Renewal of a robot's client certificate: its request, and the fleet's answer. */
import { z } from 'zod';
import { RobotId } from './topics.ts';

/** A request of PKCS #10 with a P-256 key is about 400 bytes of PEM. */
const RequestPem = z.string().min(1).max(4_096);
const ChainPem = z.string().min(1).max(16_384);

/** On `certificateRequest`. `id` binds the answer to it. */
export const CertificateRequest = z.looseObject({
  id: z.string().regex(/^[0-9a-f]{32}$/, 'expected 32 hex digits'),
  robot: RobotId,
  /** PEM, PKCS #10. */
  request: RequestPem,
});
export type CertificateRequest = z.infer<typeof CertificateRequest>;

/** Why a request was refused. */
export const CERTIFICATE_REFUSALS = [
  'tooLong',
  'malformed',
  'otherName',
  'keyType',
  'authority',
  'signature',
  'unknownRobot',
  'revoked',
] as const;

/** On `certificateAnswer`: the certificate and its issuers (PEM), or why not. */
export const CertificateAnswer = z.union([
  z.looseObject({ id: z.string(), certificate: ChainPem }),
  z.looseObject({ id: z.string(), refused: z.enum(CERTIFICATE_REFUSALS) }),
]);
export type CertificateAnswer = z.infer<typeof CertificateAnswer>;
