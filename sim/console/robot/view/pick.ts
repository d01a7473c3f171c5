/** Pressing the buttons of the model itself, with a mouse or a finger. */
import { Mesh, type Object3D, type PerspectiveCamera, Raycaster, Vector2 } from 'three';
import type { ButtonName } from './view.ts';

interface PickParts {
  readonly canvas: HTMLCanvasElement;
  readonly camera: PerspectiveCamera;
  /** All that can be in front. */
  readonly solids: Object3D[];
  readonly pressable: ReadonlyMap<Mesh, ButtonName>;
  readonly press: (name: ButtonName, pressed: boolean) => void;
}

export function listenForPresses(parts: PickParts): void {
  const { canvas, press } = parts;
  let held: ButtonName | undefined;
  const release = (): void => {
    if (held) press(held, false);
    held = undefined;
  };
  // Before the orbit, which listens on the element around: a press does not turn the desk.
  canvas.addEventListener('pointerdown', (event) => {
    held = buttonAt(parts, event);
    if (!held) return;
    event.stopPropagation();
    canvas.setPointerCapture(event.pointerId);
    press(held, true);
  });
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const)
    canvas.addEventListener(end, release);
  canvas.addEventListener('pointermove', (event) => {
    canvas.style.cursor = event.buttons === 0 && buttonAt(parts, event) ? 'pointer' : '';
  });
}

function buttonAt(
  { canvas, camera, solids, pressable }: PickParts,
  event: PointerEvent,
): ButtonName | undefined {
  const box = canvas.getBoundingClientRect();
  const at = new Vector2(
    ((event.clientX - box.left) / box.width) * 2 - 1,
    1 - ((event.clientY - box.top) / box.height) * 2,
  );
  const ray = new Raycaster();
  ray.setFromCamera(at, camera);
  const [first] = ray.intersectObjects(solids, true);
  for (let part = first?.object ?? null; part; part = part.parent) {
    const name = part instanceof Mesh ? pressable.get(part) : undefined;
    if (name) return name;
  }
  return undefined;
}
