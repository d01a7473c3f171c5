/**
 * The sound of the class, in an element of its own: the picture stays muted, so that it may start by
 * itself, and the sound starts with the pupil's press on "Go to class".
 */
export class SoundOut {
  private readonly element: HTMLAudioElement;
  private readonly listeners = new Set<(blocked: boolean) => void>();
  private held = false;

  constructor(page: Document) {
    this.element = page.createElement('audio');
    this.element.id = 'class-sound';
    this.element.setAttribute('playsinline', '');
    // Nobody pauses it here: the system does, when a headset is pulled out or a call comes in.
    this.element.addEventListener('pause', () => {
      if (this.element.srcObject) this.start();
    });
    page.body.append(this.element);
  }

  onBlocked(listener: (blocked: boolean) => void): void {
    this.listeners.add(listener);
  }

  /**
   * Called within a press. Safari lets an element play later only if it was started by hand once:
   * so it starts with an empty stream, and the sound of the class takes its place.
   */
  prepare(): void {
    if (!this.element.srcObject) this.element.srcObject = new MediaStream();
    this.element.play().catch(() => undefined);
  }

  play(stream: MediaStream): void {
    this.element.srcObject = stream;
    this.start();
  }

  /** Once more after the browser refused; within a press. */
  start(): void {
    this.element.play().then(
      () => this.tell(false),
      (error: unknown) => {
        // Another stream coming in between ends the first wait; that is no refusal.
        if (error instanceof DOMException && error.name === 'NotAllowedError') this.tell(true);
      },
    );
  }

  stop(): void {
    this.element.srcObject = null;
    this.element.pause();
    this.tell(false);
  }

  private tell(blocked: boolean): void {
    if (blocked === this.held) return;
    this.held = blocked;
    for (const listener of this.listeners) listener(blocked);
  }
}
