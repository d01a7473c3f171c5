/** A real button on the page for a button on the robot: down is down, up is up, by every means. */

/** A press by a tool that only knows `click`: longer than the debounce, and felt as one press. */
const CLICK_MS = 180;

export function wirePress(
  button: HTMLButtonElement,
  press: (pressed: boolean) => void,
  after: (ms: number, act: () => void) => void,
): void {
  let held = false;
  const set = (pressed: boolean): void => {
    if (pressed === held) return;
    held = pressed;
    button.classList.toggle('held', pressed);
    press(pressed);
  };
  button.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    set(true);
  });
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture', 'blur'] as const)
    button.addEventListener(end, () => set(false));
  button.addEventListener('keydown', (event) => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    set(true);
  });
  button.addEventListener('keyup', () => set(false));
  button.addEventListener('contextmenu', (event) => event.preventDefault()); // A long press.
  button.addEventListener('click', (event) => {
    // Pointers and keys have done it already; a screen reader or a voice comes only here.
    if (event.detail !== 0 || held) return;
    set(true);
    after(CLICK_MS, () => set(false));
  });
}
