/** Counts what was refused at each edge, by reason, for the fleet's telemetry. No content. */
export class Refusals {
  private readonly counts = new Map<string, number>();

  /** `edge` is where it came in: broker, control, look, link, config, invitation. */
  count(edge: string, reason: string): void {
    const key = `${edge}.${reason}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  snapshot(): Record<string, number> {
    return Object.fromEntries([...this.counts].sort(([a], [b]) => a.localeCompare(b)));
  }
}
