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

/** Marks the entry of the history on which a lesson stands. */
const MARK = { deskmate: 'lesson' } as const;

type Browsing = Pick<Window, 'history' | 'location' | 'addEventListener'>;

/**
 * The Back button during a lesson: it leaves an entry of the history that was put there for it, and
 * asks instead of leaving the class. A second Back, while the question stands, does leave. Reloading
 * and closing are asked about by the browser itself.
 */
export class BackGuard {
  private held = false;
  private asks = false;
  /** The step back over our own entry, which nobody pressed. */
  private steppingBack = false;

  constructor(
    private readonly page: Browsing,
    onBack: () => void,
  ) {
    page.addEventListener('popstate', () => {
      const ours = this.steppingBack;
      this.steppingBack = false;
      if (!this.held) return;
      // A lesson that began while the last one's entry was still on its way out.
      if (ours) return this.stay();
      // A link was opened in this tab: not a way back.
      if (page.location.hash.length > 1 || this.onEntry) return;
      onBack();
    });
    page.addEventListener('beforeunload', (event) => {
      if (this.held && this.asks) event.preventDefault();
    });
  }

  /** `asks`: closing the page is asked about as well. */
  hold(asks: boolean): void {
    this.held = true;
    this.asks = asks;
    this.stay();
  }

  /** After a Back that was answered with staying: the next one asks again. */
  stay(): void {
    if (this.held && !this.onEntry) this.page.history.pushState(MARK, '');
  }

  release(): void {
    if (!this.held) return;
    this.held = false;
    if (!this.onEntry) return;
    this.steppingBack = true;
    this.page.history.back();
  }

  private get onEntry(): boolean {
    const state: unknown = this.page.history.state;
    return (
      typeof state === 'object' &&
      state !== null &&
      'deskmate' in state &&
      state.deskmate === MARK.deskmate
    );
  }
}
