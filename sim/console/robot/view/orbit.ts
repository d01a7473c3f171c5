/** Camera orbit around the desk: drag, two fingers or wheel with Ctrl, arrow keys. */
import { MathUtils, type PerspectiveCamera, Vector3 } from 'three';

const TARGET = new Vector3(0, 0.96, 0);
const START = { azimuth: -0.42, elevation: 0.16, distance: 5.1 };
const ELEVATION = { least: -0.02, most: 1.25 };
const DISTANCE = { least: 2.6, most: 7.5 };
const STEP = 0.12;
/** A drag over the whole width goes half way around. */
const TURN = Math.PI;

export class Orbit {
  private azimuth = START.azimuth;
  private elevation = START.elevation;
  private distance = START.distance;
  private readonly pointers = new Map<number, { x: number; y: number }>();

  constructor(
    private readonly element: HTMLElement,
    private readonly camera: PerspectiveCamera,
    private readonly moved: () => void,
  ) {
    // A vertical swipe scrolls the page, as everywhere else on it.
    element.style.touchAction = 'pan-y';
    element.addEventListener('pointerdown', (event) => this.down(event));
    element.addEventListener('pointermove', (event) => this.move(event));
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const)
      element.addEventListener(end, (event) => this.pointers.delete(event.pointerId));
    element.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    element.addEventListener('keydown', (event) => this.key(event));
    this.place();
  }

  place(): void {
    // A tall picture needs a step back, or the ears are cut off.
    const back = Math.max(1, 1.15 / this.camera.aspect);
    const flat = Math.cos(this.elevation) * this.distance * back;
    this.camera.position.set(
      TARGET.x + flat * Math.sin(this.azimuth),
      TARGET.y + Math.sin(this.elevation) * this.distance * back,
      TARGET.z + flat * Math.cos(this.azimuth),
    );
    this.camera.lookAt(TARGET);
    this.moved();
  }

  private turn(azimuth: number, elevation: number, zoom = 1): void {
    this.azimuth += azimuth;
    this.elevation = MathUtils.clamp(this.elevation + elevation, ELEVATION.least, ELEVATION.most);
    this.distance = MathUtils.clamp(this.distance * zoom, DISTANCE.least, DISTANCE.most);
    this.place();
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.element.setPointerCapture(event.pointerId);
  }

  private move(event: PointerEvent): void {
    const last = this.pointers.get(event.pointerId);
    if (!last) return;
    const before = this.spread();
    const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const after = this.spread();
    if (before > 0 && after > 0) this.turn(0, 0, before / after);
    else {
      const scale = TURN / this.element.clientWidth;
      this.turn(-dx * scale, event.pointerType === 'mouse' ? dy * scale : 0);
    }
  }

  /** Distance between two fingers; 0 with one. */
  private spread(): number {
    const [one, other] = [...this.pointers.values()];
    return one && other ? Math.hypot(one.x - other.x, one.y - other.y) : 0;
  }

  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey) return; // The wheel alone scrolls the page.
    event.preventDefault();
    this.turn(0, 0, Math.exp(event.deltaY / 400));
  }

  private key(event: KeyboardEvent): void {
    const turns: Readonly<Record<string, readonly [number, number, number]>> = {
      ArrowLeft: [-STEP, 0, 1],
      ArrowRight: [STEP, 0, 1],
      ArrowUp: [0, STEP, 1],
      ArrowDown: [0, -STEP, 1],
      '+': [0, 0, 0.9],
      '-': [0, 0, 1.1],
    };
    const turn = turns[event.key];
    if (!turn || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.turn(...turn);
  }
}
