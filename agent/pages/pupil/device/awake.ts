/** Keeps the screen on during a lesson. Browsers take the lock away from hidden pages: it is asked for again. */
export class Awake {
  private lock: WakeLockSentinel | undefined;
  private wanted = false;

  constructor(private readonly page: Document) {
    page.addEventListener('visibilitychange', () => void this.renew());
  }

  async hold(): Promise<void> {
    this.wanted = true;
    await this.renew();
  }

  async release(): Promise<void> {
    this.wanted = false;
    await this.lock?.release();
    this.lock = undefined;
  }

  private async renew(): Promise<void> {
    if (!this.wanted || this.page.hidden) return;
    try {
      this.lock = await this.page.defaultView?.navigator.wakeLock.request('screen');
    } catch {
      // No wake lock here, or the battery is low: the lesson goes on, the screen may dim.
    }
  }
}
