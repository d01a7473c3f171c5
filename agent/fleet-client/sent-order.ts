/** An order on its way: signed, posted, and answered by the robot itself. */
import { OrderStatus, PostedOrder } from '../wire/fleet-api.ts';
import type { Action, Receipt } from '../wire/order.ts';
import { type FleetHttp, pause } from './fleet-http.ts';
import { FleetProblem } from './fleet-problem.ts';
import { type OrderSigner, readReceipt } from './person.ts';

/** What became of it, by the robot's signature; `waiting` and `expired` by the service's word. */
export type OrderOutcome =
  | { readonly outcome: Receipt['outcome']; readonly receipt: Receipt }
  | { readonly outcome: 'waiting' | 'expired' };

export interface SentOrder {
  readonly robot: string;
  readonly order: string;
  /** When the service gives up, milliseconds since 1970 by this side's clock. */
  readonly expires: number;
}

const FIRST_MS = 250;
const LONGEST_MS = 2_000;

interface SendParts {
  readonly http: FleetHttp;
  readonly signer: OrderSigner;
}

/** Rejects with FleetProblem; then nothing was ordered (`unreachable`: it may have been). */
export async function sendOrder(
  { http, signer }: SendParts,
  robot: string,
  action: Action,
  validS?: number,
): Promise<SentOrder> {
  const signed = await signer.sign({ robot, action, ...(validS !== undefined && { validS }) });
  const { id, expires, ...tokens } = signed;
  const body = { robot, signed: tokens };
  await http.json(PostedOrder, { method: 'POST', path: '/v1/orders', body });
  return { robot, order: id, expires };
}

export const orderStatus = (
  http: FleetHttp,
  { robot, order }: Pick<SentOrder, 'robot' | 'order'>,
): Promise<OrderStatus> => http.json(OrderStatus, { path: `/v1/orders/${robot}/${order}` });

interface Waiting {
  readonly http: FleetHttp;
  /** Thumbprints that may sign the answer: the robot's key; with `rotateKeys` see below. */
  readonly robotKeys: () => Promise<readonly string[]>;
  /** Then it is `waiting`. */
  readonly forMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks until the robot has answered. Rejects with FleetProblem `notProven` for an answer that the
 * robot did not sign: then nobody knows whether it obeyed.
 */
export async function orderOutcome(
  { http, robotKeys, forMs, signal }: Waiting,
  sent: Pick<SentOrder, 'robot' | 'order'>,
): Promise<OrderOutcome> {
  const endMs = http.time.wall() + forMs;
  for (let waitMs = FIRST_MS; ; waitMs = Math.min(LONGEST_MS, waitMs * 1.5)) {
    const status = await orderStatus(http, sent);
    if (status.outcome !== null) return proven(status, sent, robotKeys);
    const leftMs = endMs - http.time.wall();
    if (leftMs <= 0 || signal?.aborted) return { outcome: 'waiting' };
    await pause(http.time, Math.min(waitMs, leftMs), signal);
  }
}

async function proven(
  { outcome, receipt: token }: OrderStatus,
  { robot, order }: Pick<SentOrder, 'robot' | 'order'>,
  robotKeys: Waiting['robotKeys'],
): Promise<OrderOutcome> {
  if (outcome === 'expired' && token === null) return { outcome };
  for (const key of token === null ? [] : await robotKeys()) {
    const receipt = await readReceipt(token ?? '', key);
    if (receipt?.robot === robot && receipt.order === order)
      return { outcome: receipt.outcome, receipt };
  }
  throw new FleetProblem(
    'notProven',
    `the service says “${outcome}”, and shows no answer that ${robot} signed`,
  );
}
