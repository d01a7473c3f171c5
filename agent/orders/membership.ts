import { z } from 'zod';
import { enveloped, type Fields } from '../../hal/common/envelope.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { expectShape } from '../state/parsing.ts';
import type { StateFormat } from '../state/state-file.ts';
import type { Evidence } from '../wire/audit.ts';
import { OrderPayload, SignedOrder } from '../wire/order.ts';
import { Thumbprint, Token, TYP } from '../wire/signalling.ts';
import { openToken } from '../wire/token.ts';
import { PlaceId } from '../wire/topics.ts';
import { StateCell } from './state-cell.ts';

export const MEMBERSHIP_FILE = 'membership.json';

/** A fleet, and the RFC 7638 thumbprint of its root key: what a robot must know to obey. */
export const FleetRoot = z.looseObject({ id: PlaceId, root: Thumbprint });
export interface FleetRoot {
  readonly id: string;
  readonly root: string;
}

/** By a `join` order. */
const Joined = z.looseObject({
  /** Root of the fleet that it was joined to. */
  root: Thumbprint,
  school: PlaceId,
  /** Proves, in the audit log, whose key signs it. */
  order: SignedOrder,
  /** Audit entries of key rotations since; they continue the proof. */
  rotations: z.array(Token).max(8),
});
export type Joined = z.infer<typeof Joined>;

interface Kept {
  /** Learnt from a document that somebody showed; only where the configuration names no fleet. */
  readonly learnt: FleetRoot | undefined;
  /** Root of a configured fleet that the robot has left: its configuration counts no longer. */
  readonly left: string | undefined;
  readonly joined: Joined | undefined;
  /** Fields of a newer version. */
  readonly rest: Fields;
}

const nobodys: Kept = { learnt: undefined, left: undefined, joined: undefined, rest: {} };

const File = z.looseObject({
  learnt: FleetRoot.nullable(),
  left: Thumbprint.nullable(),
  joined: Joined.nullable(),
});

const format: StateFormat<Kept> = {
  schema: enveloped('membership'),
  read(fields) {
    const { learnt, left, joined, ...rest } = expectShape(File, fields);
    const value = { learnt: learnt ?? undefined, left: left ?? undefined };
    return { value: { ...value, joined: joined ?? undefined, rest }, strange: 0 };
  },
  write: ({ learnt, left, joined, rest }) => ({
    ...rest,
    ...{ learnt: learnt ?? null, left: left ?? null, joined: joined ?? null },
  }),
};

/**
 * Which fleet and school the robot belongs to. The fleet is configured or, without configuration,
 * learnt from the first `join` order that somebody shows to the robot (trust by presence). A robot
 * without fleet refuses every order.
 */
export class Membership {
  private readonly listeners = new Set<() => void>();

  private constructor(
    private readonly cell: StateCell<Kept>,
    private readonly configured: FleetRoot | undefined,
  ) {}

  /** Rejects with StateUnreadable while the disk cannot be read. */
  static async open(
    storage: Storage,
    log: Log,
    configured: FleetRoot | undefined,
  ): Promise<Membership> {
    const wanted = { name: MEMBERSHIP_FILE, format, initial: nobodys };
    return new Membership(await StateCell.open(storage, log, wanted), configured);
  }

  get fleet(): FleetRoot | undefined {
    const { configured, cell } = this;
    if (configured && configured.root !== cell.current.left) return configured;
    return cell.current.learnt;
  }

  /** Undefined until a `join` order of the present fleet was obeyed. */
  get joined(): Joined | undefined {
    const { joined } = this.cell.current;
    return joined && joined.root === this.fleet?.root ? joined : undefined;
  }

  get school(): string | undefined {
    return this.joined?.school;
  }

  /** For the first entry of an audit file. */
  get evidence(): Evidence | undefined {
    const { joined } = this;
    return joined && { ...joined.order, rotations: joined.rotations };
  }

  /** On disk when this resolves. */
  async join(fleet: FleetRoot, school: string, order: SignedOrder): Promise<void> {
    const joined = { root: fleet.root, school, order, rotations: [] };
    const isConfigured = fleet.root === this.configured?.root;
    await this.change(({ rest, left }) => ({
      learnt: isConfigured ? undefined : { id: fleet.id, root: fleet.root },
      left: isConfigured ? undefined : left,
      ...{ joined, rest },
    }));
  }

  /** `entry`: signed by the key before, names the key after. */
  async rotated(entry: string): Promise<void> {
    await this.change((kept) => {
      const { joined } = kept;
      if (!joined || joined.rotations.includes(entry)) return kept;
      return { ...kept, joined: { ...joined, rotations: [...joined.rotations, entry] } };
    });
  }

  /** Without fleet and school; a configured fleet counts again after a `join` that is shown. */
  async leave(): Promise<void> {
    const { configured } = this;
    await this.change(({ rest }) => ({ ...nobodys, left: configured?.root, rest }));
  }

  /** Called after each change that is on disk. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  private async change(decide: (kept: Kept) => Kept): Promise<void> {
    await this.cell.change(decide);
    for (const listener of this.listeners) listener();
  }
}

/**
 * The fleet that a signed order names: its id, and the key at which its chain begins. Only for
 * somebody who stands at the robot; the order must still be verified against it.
 */
export async function fleetOf({ order, chain }: SignedOrder): Promise<FleetRoot | undefined> {
  const opened = await openToken(order, TYP.order, OrderPayload);
  if (!opened.ok) return undefined;
  const { fleet } = opened.payload;
  const [first] = chain;
  if (first === undefined) return { id: fleet, root: opened.signer };
  const grant = await openToken(first, TYP.grant, z.looseObject({ fleet: z.literal(fleet) }));
  return grant.ok ? { id: fleet, root: grant.signer } : undefined;
}
