/** Delays before an unconfirmed record is sent again. Milliseconds. */
export const RESEND_MS = { first: 30_000, last: 3_600_000 } as const;

/** Which records were sent, and when each is due to be sent again. */
export class Redelivery {
  private readonly sentIds = new Map<string, { readonly tries: number; readonly dueMs: number }>();

  isDue(id: string, nowMs: number): boolean {
    return nowMs >= (this.sentIds.get(id)?.dueMs ?? 0);
  }

  /** `random`: 0 <= x < 1. Jitter of a quarter either way, so that a fleet does not resend in step. */
  sent(id: string, nowMs: number, random: number): void {
    const tries = (this.sentIds.get(id)?.tries ?? 0) + 1;
    const delayMs = Math.min(RESEND_MS.first * 2 ** (tries - 1), RESEND_MS.last);
    this.sentIds.set(id, { tries, dueMs: nowMs + delayMs * (0.75 + random / 2) });
  }

  delete(id: string): void {
    this.sentIds.delete(id);
  }

  dropDue(nowMs: number): void {
    for (const [id, { dueMs }] of this.sentIds) if (dueMs <= nowMs) this.sentIds.delete(id);
  }

  clear(): void {
    this.sentIds.clear();
  }

  /** Until the next record is due; undefined when none waits. */
  nextIn(nowMs: number): number | undefined {
    let due: number | undefined;
    for (const { dueMs } of this.sentIds.values()) due = Math.min(due ?? dueMs, dueMs);
    return due === undefined ? undefined : Math.max(0, due - nowMs);
  }
}
