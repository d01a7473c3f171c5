/** Who reaches what is served here: this computer alone, or its network. */
import { z } from 'zod';
import { addressForPupils, inAddress, isLoopback, reachableAddresses } from './addresses.ts';
import { OptionError } from './given.ts';

/** Another name or address of this computer than the one that would be chosen, for links. */
export const givenAddress = z
  .string()
  .regex(
    /^(\[[0-9a-fA-F:.]+\]|[0-9a-fA-F]*:[0-9a-fA-F:.]+|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)$/,
    'expected a name or an address of this computer, without port',
  )
  .optional();

export interface Reach {
  /** Pupils may come from other computers. */
  readonly open: boolean;
  /** What links to the pupil's page name, as it stands in a URL. */
  readonly address: string;
  /** Other addresses that it might be. */
  readonly others: readonly string[];
}

/** Throws OptionError for an address that nobody could reach. */
export function reachOf(
  host: string,
  address: string | undefined,
  /** What this computer is called by where nobody else comes. */
  own: string = inAddress(host),
  addresses: readonly string[] = reachableAddresses(),
): Reach {
  const open = !isLoopback(host);
  if (!open && address !== undefined && !isLoopback(address))
    throw new OptionError(
      `ADDRESS=${address} is for others, and this is open to this computer only. Add HOST=0.0.0.0`,
    );
  if (!open) return { open, address: address ?? own, others: [] };
  const chosen = addressForPupils(address ?? host);
  const all = host === '0.0.0.0' || host === '::';
  const others = all ? addresses.filter((one) => one !== chosen) : [];
  return { open, address: chosen, others };
}

/** What to know of the address in links, a line each. */
export function notesOnReach({ open, address, others }: Reach, again: string): string[] {
  if (!open)
    return [
      `Only this computer can reach it: the link leads no tablet or phone here. For others in this network: ${again} HOST=0.0.0.0`,
    ];
  return [
    `Links lead to ${address}.${others.length > 0 ? ` This computer has other addresses: ${others.join(', ')}. To use one of them: ADDRESS=${others[0]}` : ''}`,
  ];
}
