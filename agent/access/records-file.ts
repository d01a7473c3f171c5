/**
 * File format of the records. A flipped bit on disk must not let anybody in, so entries carry
 * redundancy; an inconsistent entry, or one in a newer version's format, is kept but not used.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { enveloped, type Written } from '../../hal/common/envelope.ts';
import { expectShape, sortOut } from '../state/parsing.ts';
import type { StateFormat } from '../state/state-file.ts';
import { PublicJwk } from '../wire/signalling.ts';
import type { Records } from './records.ts';

/** Version 0.1.0 rejects files without this field. */
const VERSION = 1;
const schema = enveloped('access');
const DAY_MS = 24 * 60 * 60 * 1_000;
/** No invitation was ever valid for longer. */
const LONGEST_MS = 91 * DAY_MS;

const ms = z.number().nonnegative();
const Thumbprint = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

const InvitationEntry = z
  .looseObject({
    id: z.string().regex(/^[0-9a-f]{8}$/),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    issuedAt: ms,
    expiresAt: ms,
    usedAt: ms.nullable(),
    usedBy: Thumbprint.nullable(),
  })
  .refine(({ issuedAt, expiresAt }) => expiresAt - issuedAt <= LONGEST_MS)
  .refine(({ usedAt, usedBy }) => (usedAt === null) === (usedBy === null));

const DeviceEntry = z
  .looseObject({ device: Thumbprint, jwk: PublicJwk, boundAt: ms, lastUsedAt: ms.nullable() })
  .refine(({ device, jwk }) => thumbprintOf(jwk) === device);

const File = z.looseObject({
  version: z.number().int().min(1),
  latestKnownMs: ms,
  invitations: z.array(z.unknown()),
  devices: z.array(z.unknown()),
});

export const recordsFormat: StateFormat<Records> = {
  schema,
  read(fields, written) {
    const file = expectShape(File, fields);
    const { latestKnownMs, invitations, devices, ...rest } = file;
    const [invited, bound] = [sortOut(InvitationEntry, invitations), sortOut(DeviceEntry, devices)];
    return {
      value: {
        latestKnownMs,
        invitations: invited.known,
        devices: bound.known,
        strange: { invitations: invited.strange, devices: bound.strange },
        rest,
      },
      // A newer version's own format is not damage.
      strange: ofNewer(file, written) ? 0 : invited.strange.length + bound.strange.length,
    };
  },

  write: ({ latestKnownMs, invitations, devices, strange, rest }) => ({
    version: VERSION,
    ...rest,
    latestKnownMs,
    invitations: [...invitations, ...strange.invitations],
    devices: [...devices, ...strange.devices],
  }),
};

const ofNewer = (file: { version: number }, written: Written): boolean =>
  file.version > VERSION || written.version > schema.migrations.length;

/** RFC 7638, SHA-256. */
function thumbprintOf({ crv, kty, x, y }: PublicJwk): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}
