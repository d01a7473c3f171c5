/** Orders that are carried by codes: signed by the person, or by the root with `--dir`. */
import { OrderSigner } from '../../../agent/fleet-client/person.ts';
import { type Action, MAX_ORDER_S } from '../../../agent/wire/order.ts';
import { publicJwk } from '../../../agent/wire/token.ts';
import { RobotId } from '../../../agent/wire/topics.ts';
import { staffFileError, staffFolder } from '../command/own-key.ts';
import { writeStaffFile } from '../command/staff-key.ts';
import type { Call } from '../command/verb.ts';
import { checked, newId, told } from './fleet-call.ts';
import { personOf } from './person.ts';
import { codesOf, showCodes } from './show-codes.ts';

/** The robot that is named first, as a robot's id. */
export const robotOf = (call: Call): string => checked('ROBOT', RobotId, call.words[0] ?? '');

/** Signs an order and shows it. A code may lie in a drawer for as long as an order is good. */
export async function showOrder(
  call: Call,
  action: Action,
  about: (id: string) => Promise<object> = async () => ({}),
): Promise<void> {
  const robot = robotOf(call);
  const person = await told(() => personOf(call));
  const orders = new OrderSigner({ person, nowMs: () => call.clock.wall(), newId });
  const { id, ...signed } = await orders.sign({ robot, action, validS: MAX_ORDER_S });
  const codes = codesOf(signed);
  const facts = { robot, order: id, ...(await about(id)) };
  await showCodes(call, codes, { robot, facts });
}

/** A key for the robot's answer, which comes later: kept on disk, one file for each order. */
export async function keptReplyKey(call: Call) {
  const ecdh = { name: 'ECDH', namedCurve: 'P-256' } as const;
  const pair = await crypto.subtle.generateKey(ecdh, true, ['deriveBits']);
  const secret = await crypto.subtle.exportKey('jwk', pair.privateKey);
  const { kty, crv, x, y, d } = secret;
  const keep = async (order: string): Promise<string> => {
    const text = `${JSON.stringify({ version: 1, order, replyKey: { kty, crv, x, y, d } })}\n`;
    const name = `reply-${order}.json`;
    const folder = staffFolder(call);
    const written = await writeStaffFile(folder, name, text, 'new');
    if (!written.ok) throw staffFileError(written, call.language);
    return `${folder}/${name}`;
  };
  return { replyKey: publicJwk(secret), keep };
}
