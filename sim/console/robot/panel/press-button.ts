/** A real button on the page for a button on the robot: down is down, up is up, by every means. */

/** The shortest press: a tap on glass can be shorter than the 20 ms in which a button bounces. */
export const SHORTEST_MS = 150;

/** Converts pointer, keyboard and assistive input into presses of the robot's buttons. */
export class Press {
  private held = false;
  private pressedAtMs = 0;

  constructor(
    private readonly told: (pressed: boolean) => void,
    private readonly clock: { now(): number; after(ms: number, act: () => void): unknown },
  ) {}

  down(): void {
    if (this.held) return;
    this.held = true;
    this.pressedAtMs = this.clock.now();
    this.told(true);
  }

  up(): void {
    if (!this.held) return;
    const early = SHORTEST_MS - (this.clock.now() - this.pressedAtMs);
    if (early > 0) {
      this.clock.after(early, () => this.up());
      return;
    }
    this.held = false;
    this.told(false);
  }

  /** Screen readers and voice control only know the whole press. */
  tap(): void {
    this.down();
    this.up();
  }
}

export function wirePress(button: HTMLButtonElement, press: Press): void {
  button.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    press.down();
  });
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture', 'blur'] as const)
    button.addEventListener(end, () => press.up());
  button.addEventListener('keydown', (event) => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    press.down();
  });
  button.addEventListener('keyup', () => press.up());
  button.addEventListener('contextmenu', (event) => event.preventDefault()); // A long press.
  button.addEventListener('click', (event) => {
    // Pointers come here with a count, and have pressed already.
    if (event.detail === 0) press.tap();
  });
}
