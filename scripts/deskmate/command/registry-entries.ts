/** Finds devices and invitations by a prefix of their id, as printed by `deskmate devices`. */
import type { AdminClient } from '../../../agent/access/admin-client.ts';

type BoundDevice = Awaited<ReturnType<AdminClient['devices']>>[number];
type Invitation = Awaited<ReturnType<AdminClient['status']>>['invitations'][number];

export type RegistryEntry =
  | { readonly kind: 'device'; readonly name: string; readonly id: string }
  | { readonly kind: 'invitation'; readonly name: string; readonly id: string };

const SHORT = 8;
/** Shorter prefixes match nothing: a typing error must not lock a pupil out. */
export const LEAST_TYPED = 4;

/**
 * The shortest unique prefixes of at least eight characters. A thumbprint may begin with a hyphen,
 * which would look like an option: it is left out.
 */
export function namesOf(devices: readonly string[]): string[] {
  const spoken = devices.map(asSpoken);
  return spoken.map((own, at) => {
    const others = spoken.filter((_, other) => other !== at);
    let length = SHORT;
    while (length < own.length && others.some((one) => one.startsWith(own.slice(0, length))))
      length += 1;
    return own.slice(0, length);
  });
}

/** All that can be revoked. Used or expired invitations are left out. */
export function entriesOf(
  devices: readonly BoundDevice[],
  invitations: readonly Invitation[],
): RegistryEntry[] {
  const names = namesOf(devices.map(({ device }) => device));
  return [
    ...devices.map(({ device }, at) => ({
      ...{ kind: 'device' as const, name: names[at] ?? device, id: device },
    })),
    ...invitations
      .filter(({ state }) => state === 'open' || state === 'unclear')
      .map(({ id }) => ({ kind: 'invitation' as const, name: id, id })),
  ];
}

/** Entries that match the typed prefix; a complete id matches only itself. */
export function meant(typed: string, entries: readonly RegistryEntry[]): RegistryEntry[] {
  const exact = entries.filter(({ id }) => id === typed);
  if (exact.length > 0) return exact;
  return entries.filter(({ id }) => id.startsWith(typed) || asSpoken(id).startsWith(typed));
}

const asSpoken = (id: string): string => id.replace(/^-+/, '');
