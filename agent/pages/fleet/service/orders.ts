/**
 * Orders by the person's key, and the robot's answers. An answer counts when the robot's own key
 * signed it. Which key that is says the robot's audit log, whose first entry proves it by an order of
 * the fleet; the service's word does not suffice, or it could pass off its own invitation.
 */
import type { Clock } from '../../../../hal/ports/clock.ts';
import type { FleetApi } from '../../../fleet-client/fleet-api.ts';
import { readReceipt, replyBox } from '../../../fleet-client/person.ts';
import { AuditEntry, type AuditVerdict, verifyAuditText } from '../../../wire/audit.ts';
import type { Action, Receipt } from '../../../wire/order.ts';
import { type PublicJwk, TYP } from '../../../wire/signalling.ts';
import { openToken } from '../../../wire/token.ts';

const POLL_MS = 700;

export type OrderOutcome =
  | { readonly kind: 'done'; readonly text: string | undefined; readonly receipt: Receipt }
  /** Done as the service says; the robot's key is not known. */
  | { readonly kind: 'doneUnproven' }
  | { readonly kind: 'refused' | 'failed'; readonly reason: string }
  /** What it answered is secret, and not proven to be the robot's. */
  | { readonly kind: 'unproven' }
  /** Who waited has gone. */
  | { readonly kind: 'left' };

interface OrdersParts {
  readonly api: FleetApi;
  readonly fleet: string;
  /** Thumbprint of the fleet's root key. */
  readonly root: string;
  readonly clock: Clock;
}

interface Given {
  readonly robot: string;
  readonly action: Action | ((replyKey: PublicJwk) => Action);
  /** Called when the service has it. */
  readonly onSent?: () => void;
  readonly signal?: AbortSignal;
}

export class Orders {
  constructor(private readonly parts: OrdersParts) {}

  /** Waits for the robot's answer, however long that is. Rejects with FleetProblem. */
  async give({ robot, action, onSent, signal }: Given): Promise<OrderOutcome> {
    const { api } = this.parts;
    const box = typeof action === 'function' ? await replyBox() : undefined;
    const wanted = typeof action === 'function' ? action(box?.replyKey as PublicJwk) : action;
    const sent = await api.order(robot, wanted);
    onSent?.();
    for (;;) {
      if (signal?.aborted) return { kind: 'left' };
      const { outcome, reason, receipt } = await api.orderStatus(sent);
      if (outcome !== null) {
        if (outcome === 'done') return this.answered(robot, sent.order, receipt, box);
        return { kind: outcome === 'refused' ? 'refused' : 'failed', reason: reason ?? '' };
      }
      await this.pause();
    }
  }

  /** The robot's audit log, verified here; with the key that signs it now, if it has entries. */
  async audit(robot: string): Promise<{ verdict: AuditVerdict; robotKey: string | undefined }> {
    const { api, fleet, root } = this.parts;
    const text = await api.auditText(robot);
    const verdict = await verifyAuditText(text, { fleet, root });
    const ours = verdict.ok && verdict.entries.every(({ log }) => log === robot);
    if (!ours) return { verdict: verdict.ok ? WRONG_LOG : verdict, robotKey: undefined };
    const last = text.trimEnd().split('\n').at(-1) ?? '';
    const opened = await openToken(last, TYP.audit, AuditEntry);
    const robotKey = opened.ok ? (opened.payload.nextKey ?? opened.signer) : undefined;
    return { verdict, robotKey };
  }

  private async answered(
    robot: string,
    order: string,
    token: string | null,
    box: Awaited<ReturnType<typeof replyBox>> | undefined,
  ): Promise<OrderOutcome> {
    const { robotKey } = await this.audit(robot);
    const receipt =
      token !== null && robotKey !== undefined ? await readReceipt(token, robotKey) : undefined;
    const proven = receipt?.robot === robot && receipt.order === order;
    if (!receipt || !proven || receipt.outcome !== 'done')
      return { kind: box ? 'unproven' : 'doneUnproven' };
    const { sealed } = receipt;
    const text = box && sealed !== undefined ? await box.open(sealed) : undefined;
    return box && text === undefined ? { kind: 'unproven' } : { kind: 'done', text, receipt };
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      this.parts.clock.after(POLL_MS, resolve);
    });
  }
}

const WRONG_LOG: AuditVerdict = { ok: false, line: 1, why: 'wrongLog' };
