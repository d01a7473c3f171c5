import { z } from 'zod';
import { enveloped, type Fields } from '../../hal/common/envelope.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { expectShape } from '../state/parsing.ts';
import type { StateFormat } from '../state/state-file.ts';
import { DocumentId, NumericDate } from '../wire/grant.ts';
import { MAX_ORDER_S, SignedOrder } from '../wire/order.ts';
import { ReceiptRecord } from '../wire/record-ack.ts';
import { Thumbprint } from '../wire/signalling.ts';
import { StateCell } from './state-cell.ts';

export const ORDERS_FILE = 'orders.json';
/** Keys whose last number is remembered. A live one is never forgotten: beyond, orders are refused. */
export const MAX_SIGNERS = 256;
/** Revoked grants and keys. */
export const MAX_REVOKED = 1_024;
/** Receipts that are given again for the same order: the newest, up to both limits. */
const MAX_RECEIPTS = 32;
const MAX_RECEIPT_BYTES = 128 * 1_024;
/** Orders that are being carried out: one, and long ones beside it. */
const MAX_OPEN = 4;

const SignerEntry = z.looseObject({
  n: z.int().nonnegative(),
  /** When its grants end, seconds since 1970. */
  exp: NumericDate,
});

/** An order that was accepted, and whose result is not known yet. */
const OpenOrder = z.looseObject({
  order: DocumentId,
  kind: z.string().max(40),
  by: Thumbprint,
  role: z.string().max(20),
  signed: SignedOrder,
});
export type OpenOrder = z.infer<typeof OpenOrder>;

const Handled = z.looseObject({
  order: DocumentId,
  record: ReceiptRecord,
  /** Handed over to the store of records. */
  sent: z.boolean(),
});
export type Handled = z.infer<typeof Handled>;

interface Kept {
  readonly signers: Readonly<Record<string, z.infer<typeof SignerEntry>>>;
  readonly revoked: readonly string[];
  /** Seconds since 1970. */
  readonly consentUntil: number;
  readonly open: readonly OpenOrder[];
  /** Oldest first. */
  readonly handled: readonly Handled[];
  /**
   * Orders dated before are refused: an earlier file with its numbers was lost. Null: the file was
   * lost, and the time of day is not known yet.
   */
  readonly notBefore: number | null;
  /** Fields of a newer version. */
  readonly rest: Fields;
}

const fresh: Kept = {
  ...{ signers: {}, revoked: [], consentUntil: 0, open: [], handled: [] },
  ...{ notBefore: 0, rest: {} },
};

const File = z.looseObject({
  signers: z.record(Thumbprint, SignerEntry),
  revoked: z.array(z.string().max(64)).max(MAX_REVOKED),
  consentUntil: NumericDate,
  open: z.array(OpenOrder),
  handled: z.array(Handled),
  notBefore: NumericDate.nullable(),
});

const format: StateFormat<Kept> = {
  schema: enveloped('orders'),
  read(fields) {
    const { signers, revoked, consentUntil, open, handled, notBefore, ...rest } = expectShape(
      File,
      fields,
    );
    const value = { signers, revoked, consentUntil, open, handled, notBefore, rest };
    return { value, strange: 0 };
  },
  write: ({ rest, ...fields }) => ({ ...rest, ...fields }),
};

/** What makes orders happen once: numbers, revocations, consent, receipts. All of it on disk. */
export class OrderState {
  private constructor(private readonly cell: StateCell<Kept>) {}

  /** Rejects with StateUnreadable while the disk cannot be read. */
  static async open(storage: Storage, log: Log): Promise<OrderState> {
    const cell = await StateCell.open(storage, log, { name: ORDERS_FILE, format, initial: fresh });
    const state = new OrderState(cell);
    // Without the numbers any order could come again: see `settle`.
    if (cell.lost) await cell.change((kept) => ({ ...kept, notBefore: null }));
    return state;
  }

  /** The numbers were lost, and no order can be judged before the time of day is known. */
  get lost(): boolean {
    return this.cell.current.notBefore === null;
  }

  /** Orders dated before this are refused, seconds since 1970. */
  get notBeforeS(): number {
    return this.cell.current.notBefore ?? Number.MAX_SAFE_INTEGER;
  }

  get consentUntilS(): number {
    return this.cell.current.consentUntil;
  }

  get open(): readonly OpenOrder[] {
    return this.cell.current.open;
  }

  get unsent(): readonly Handled[] {
    return this.cell.current.handled.filter(({ sent }) => !sent);
  }

  /** The highest number of this key so far; -1 without any. */
  readonly lastN = (signer: string): number => this.cell.current.signers[signer]?.n ?? -1;

  readonly isRevoked = (grantOrKey: string): boolean =>
    this.cell.current.revoked.includes(grantOrKey);

  isOpen(order: string): boolean {
    return this.open.some((one) => one.order === order);
  }

  receiptOf(order: string): ReceiptRecord | undefined {
    return this.cell.current.handled.find((one) => one.order === order)?.record;
  }

  /** After a loss: from now on orders can be judged again, those dated from now on. */
  async settle(nowS: number): Promise<void> {
    await this.cell.change((kept) =>
      kept.notBefore === null ? { ...kept, notBefore: Math.floor(nowS) } : kept,
    );
  }

  /**
   * Notes an order before it acts: its number is used up, and it will be finished or reported after
   * a power cut. False, and nothing changes, when there is no room. On disk when this resolves.
   */
  async accept(
    order: OpenOrder,
    { n, exp }: { readonly n: number; readonly exp: number },
    certainlyPastS: number,
  ): Promise<boolean> {
    let accepted = false;
    await this.cell.change((kept) => {
      const signers = {
        ...living(kept.signers, certainlyPastS),
        [order.by]: { n, exp: Math.max(exp, kept.signers[order.by]?.exp ?? 0) },
      };
      accepted = Object.keys(signers).length <= MAX_SIGNERS && kept.open.length < MAX_OPEN;
      return accepted ? { ...kept, signers, open: [...kept.open, order] } : kept;
    });
    return accepted;
  }

  /** The result of an order. On disk when this resolves. */
  finish(order: string, record: ReceiptRecord): Promise<void> {
    return this.cell.change((kept) => ({
      ...kept,
      open: kept.open.filter((one) => one.order !== order),
      handled: newest([...kept.handled, { order, record, sent: false }]),
    }));
  }

  /** The store of records has it. */
  sent(order: string): Promise<void> {
    return this.cell.change((kept) => ({
      ...kept,
      handled: kept.handled.map((one) => (one.order === order ? { ...one, sent: true } : one)),
    }));
  }

  /** False, and nothing changes, when there is no room for all of them. */
  async revoke(grantsAndKeys: readonly string[]): Promise<boolean> {
    let room = true;
    await this.cell.change((kept) => {
      const revoked = [...new Set([...kept.revoked, ...grantsAndKeys])];
      room = revoked.length <= MAX_REVOKED;
      return room && revoked.length > kept.revoked.length ? { ...kept, revoked } : kept;
    });
    return room;
  }

  consent(untilS: number): Promise<void> {
    return this.cell.change((kept) => ({ ...kept, consentUntil: untilS }));
  }
}

/**
 * Without keys whose grants ended so long ago that no order of theirs can be good any more, even
 * with a new grant for the same key.
 */
function living(signers: Kept['signers'], certainlyPastS: number): Kept['signers'] {
  return Object.fromEntries(
    Object.entries(signers).filter(([, { exp }]) => exp + MAX_ORDER_S > certainlyPastS),
  );
}

/** What was not handed over stays; of the others, the newest that fit. */
function newest(handled: readonly Handled[]): readonly Handled[] {
  let bytes = 0;
  let count = 0;
  const fits = (one: Handled): boolean => {
    bytes += one.record.receipt.length;
    count += 1;
    return !one.sent || (count <= MAX_RECEIPTS && bytes <= MAX_RECEIPT_BYTES);
  };
  return [...handled].reverse().filter(fits).reverse();
}
