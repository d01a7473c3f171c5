import {
  AmbientLight,
  type BufferGeometry,
  Color,
  DirectionalLight,
  Group,
  HemisphereLight,
  MathUtils,
  Mesh,
  PerspectiveCamera,
  PMREMGenerator,
  PointLight,
  Scene,
  type WebGLRenderer,
} from 'three';
import { type Look, sameLights, seen } from '../model/look.ts';
import { BaseModel } from './base.ts';
import { FramePace } from './frame-pace.ts';
import { glowTexture } from './glow.ts';
import { openGraphics, RATIO, simplify } from './graphics.ts';
import { HeadMesh } from './head-mesh.ts';
import { Orbit } from './orbit.ts';
import { listenForPresses } from './pick.ts';
import { type Daylight, room } from './room.ts';
import type { ButtonName, RobotView } from './view.ts';

/** High enough that the head nods over its body and never into it. */
const PIVOT_Y = 1.4;
/** The displayed head follows the reported angles with this time constant. */
const FOLLOW_MS = 45;
/** Below this nobody sees the head move. */
const STILL_DEG = 0.03;
/** Nothing has changed for so long: it may be drawn finely. */
const STILL_MS = 700;

interface ThreeViewParts {
  readonly element: HTMLElement;
  readonly daylight: Daylight;
  /** All the light and every pixel, though the processor has to do it: for pictures of the page. */
  readonly full: boolean;
  /** A pointer presses a button of the model, or lets go. */
  readonly press: (name: ButtonName, pressed: boolean) => void;
}

/** The robot in space. Draws only when something is to be seen, 30 times a second at most. */
export class ThreeView implements RobotView {
  readonly kind = 'space';
  readonly element: HTMLElement;
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera(32, 1, 0.1, 40);
  private readonly head: HeadMesh;
  private readonly base = new BaseModel();
  private readonly ringLight = new PointLight(0xffffff, 0, 4, 1.6);
  private readonly renderer: WebGLRenderer;
  private readonly software: boolean;
  private readonly orbit: Orbit;
  private readonly watcher: ResizeObserver;
  private readonly pace: FramePace;
  private wanted: Look | undefined;
  private drawn: Look | undefined;
  private dirty = true;
  private changedMs = 0;
  private ratio = RATIO.moving;
  private handle = 0;

  /** Throws when the browser gives no WebGL; `flat-view.ts` is for that. */
  constructor(private readonly parts: ThreeViewParts) {
    this.element = parts.element;
    const { renderer, software } = openGraphics(parts.full);
    this.renderer = renderer;
    this.software = software;
    this.pace = new FramePace(software);
    this.head = new HeadMesh(glowTexture());
    this.build();
    if (software) this.makeEasy();
    else this.mirrorRoom();
    this.element.append(this.renderer.domElement);
    this.orbit = new Orbit(this.element, this.camera, () => this.redraw());
    this.watcher = new ResizeObserver(() => this.resize());
    this.watcher.observe(this.element);
    listenForPresses({
      ...{ canvas: this.renderer.domElement, camera: this.camera, press: parts.press },
      ...{ solids: [this.base.group, this.head.group], pressable: this.base.pressable },
    });
    this.tick(0);
  }

  show(look: Look): void {
    this.wanted = look;
    if (!this.drawn || !sameLights(look, this.drawn)) this.redraw();
  }

  close(): void {
    cancelAnimationFrame(this.handle);
    this.watcher.disconnect();
    this.scene.traverse((part) => {
      if (part instanceof Mesh) (part.geometry as BufferGeometry).dispose();
    });
    this.renderer.dispose();
    this.renderer.domElement.remove();
  }

  private build(): void {
    const day = this.parts.daylight === 'day';
    this.scene.background = new Color(day ? 0xe9e2d3 : 0x1b2428);
    this.head.group.position.y = PIVOT_Y;
    this.head.group.rotation.order = 'YXZ';
    // Under the chin: it tints the body, and the dark glass of the face does not mirror it.
    this.ringLight.position.set(0, -0.62, 0.55);
    this.head.group.add(this.ringLight);
    this.scene.add(room(this.parts.daylight), this.base.group, this.head.group);
    const key = new DirectionalLight(day ? 0xfff1dc : 0xffdcb0, day ? 1.9 : 0.55);
    key.position.set(-2.4, 3.4, 3);
    const rim = new DirectionalLight(0xdcebff, day ? 0.9 : 0.5);
    rim.position.set(3, 2, -2.5);
    this.scene.add(key, rim, new HemisphereLight(0xffffff, 0xb08a5a, day ? 0.75 : 0.3));
  }

  /** What shiny parts mirror. */
  private mirrorRoom(): void {
    const { daylight } = this.parts;
    this.scene.environment = surroundings(this.renderer, daylight);
    this.scene.environmentIntensity = daylight === 'day' ? 0.55 : 0.3;
  }

  /** What shiny parts would mirror comes from all sides instead. */
  private makeEasy(): void {
    simplify(this.scene);
    const day = this.parts.daylight === 'day';
    this.scene.add(new AmbientLight(0xfff4e4, day ? 0.75 : 0.25));
  }

  private redraw(): void {
    this.dirty = true;
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width === 0 || height === 0) return;
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    this.orbit.place();
  }

  private tick(nowMs: number): void {
    this.handle = requestAnimationFrame((now) => this.tick(now));
    const passed = this.pace.due(nowMs);
    if (passed === undefined) return;
    if (this.wanted) this.follow(this.wanted, passed);
    if (this.dirty) this.draw(nowMs, RATIO.moving);
    else if (nowMs - this.changedMs > STILL_MS) this.draw(this.changedMs, RATIO.still);
  }

  /** `ratio` is for drawing without a chip: once all is still there is time for a finer picture. */
  private draw(changedMs: number, ratio: number): void {
    if (!this.dirty && (!this.software || this.ratio === ratio)) return;
    if (this.software && this.ratio !== ratio) this.renderer.setPixelRatio(ratio);
    this.ratio = ratio;
    this.dirty = false;
    this.changedMs = changedMs;
    this.renderer.render(this.scene, this.camera);
    if (ratio === RATIO.moving) this.pace.rendered();
  }

  private follow(look: Look, passedMs: number): void {
    const share = this.drawn ? 1 - Math.exp(-passedMs / FOLLOW_MS) : 1;
    const turned = approach(this.head.group.rotation.y, MathUtils.degToRad(look.panDeg), share);
    const tilted = approach(this.head.group.rotation.x, MathUtils.degToRad(-look.tiltDeg), share);
    if (turned !== undefined) this.head.group.rotation.y = turned;
    if (tilted !== undefined) this.head.group.rotation.x = tilted;
    if (turned !== undefined || tilted !== undefined) this.redraw();
    if (!this.dirty) return;
    this.drawn = look;
    this.head.show(look);
    this.base.show(look);
    const [red, green, blue] = look.ring;
    this.ringLight.color.setRGB(red, green, blue);
    this.ringLight.intensity = 0.9 * seen(Math.max(red, green, blue));
  }
}

/** The next angle on the way, or undefined when it has arrived. */
function approach(from: number, to: number, share: number): number | undefined {
  const left = to - from;
  if (left === 0) return undefined;
  return Math.abs(left) < MathUtils.degToRad(STILL_DEG) ? to : from + left * share;
}

/** The room from where the robot stands, blurred as rough surfaces mirror it. */
function surroundings(renderer: WebGLRenderer, daylight: Daylight) {
  const scene = new Scene();
  scene.background = new Color(daylight === 'day' ? 0xcfc8ba : 0x2a3236);
  const lamps = new Group();
  const window = new DirectionalLight(0xffffff, 1);
  lamps.add(window, room(daylight));
  scene.add(lamps, new HemisphereLight(0xffffff, 0x88704a, 2));
  const maker = new PMREMGenerator(renderer);
  const { texture } = maker.fromScene(scene, 0.03, 0.1, 20, { size: 128 });
  maker.dispose();
  return texture;
}
