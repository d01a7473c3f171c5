import type { TimeOfDay } from '../time/time-service.ts';
import type { Receipt } from '../wire/order.ts';
import type { ReceiptRecord } from '../wire/record-ack.ts';
import { TYP } from '../wire/signalling.ts';
import { type Signer, signToken } from '../wire/token.ts';
import { recordIdOf } from './audit-log.ts';

interface ReceiptParts {
  readonly robot: string;
  readonly time: TimeOfDay;
  readonly signer: () => Signer;
}

export interface ReceiptWords {
  readonly order: string;
  readonly outcome: Receipt['outcome'];
  readonly reason?: string;
  readonly audit?: { readonly n: number; readonly hash: string };
  readonly sealed?: string;
}

/** Signs the robot's answer to an order, as a record. */
export async function receiptFor(parts: ReceiptParts, words: ReceiptWords): Promise<ReceiptRecord> {
  const { robot, time, signer } = parts;
  const said: Receipt = { robot, at: Math.max(0, time.now().wallMs), ...words };
  const receipt = await signToken(signer(), TYP.receipt, said);
  return { id: recordIdOf(receipt), robot, receipt };
}
