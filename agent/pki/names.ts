/**
 * Whom a certificate of the fleet names. The common name is what Mosquitto takes as user
 * (`use_identity_as_username`), the DNS name what NATS maps to a user (`verify_and_map`).
 */
import { z } from 'zod';
import { PlaceId, RobotId } from '../wire/topics.ts';

/** `robot`: a robot. `service`: the fleet service. `person`: tools of a member of staff. */
export const HOLDER_KINDS = ['robot', 'service', 'person'] as const;
export const Holder = z.strictObject({ kind: z.enum(HOLDER_KINDS), id: RobotId });
export type Holder = z.infer<typeof Holder>;

/**
 * A robot's own id; others have a dot, which no robot id has: a person called as a robot never
 * gets the robot's topics.
 */
export function commonNameOf({ kind, id }: Holder): string {
  return kind === 'robot' ? id : `${id}.${kind}`;
}

/** `<id>.<kind>.<fleet>`: unique in a broker that serves several fleets. */
export function dnsNameOf({ kind, id }: Holder, fleet: string): string {
  return `${id}.${kind}.${fleet}`;
}

/** Reads a `dnsNameOf`; undefined when it is none of that fleet. */
export function holderOf(dnsName: string, fleet: string): Holder | undefined {
  const [id, kind, place, ...more] = dnsName.split('.');
  if (place !== fleet || more.length > 0 || !PlaceId.safeParse(fleet).success) return undefined;
  const holder = Holder.safeParse({ kind, id });
  return holder.success ? holder.data : undefined;
}
