/** How much the browser's graphics can do: drawn by a chip, or worked out by the processor. */
import {
  Mesh,
  MeshLambertMaterial,
  MeshStandardMaterial,
  NeutralToneMapping,
  type Object3D,
  WebGLRenderer,
} from 'three';

interface Graphics {
  readonly renderer: WebGLRenderer;
  /** No graphics chip: every pixel costs processor time that the robot's own processes need. */
  readonly software: boolean;
}

/** Pixels of the drawing a pixel of the page. Without a chip: few while things move, more when still. */
export const RATIO = { moving: 0.7, still: 1.5 };

/** Throws when the browser gives no WebGL. `full`: as with a chip, whatever there is. */
export function openGraphics(full: boolean): Graphics {
  const software = !full && isSoftware();
  const renderer = new WebGLRenderer({ antialias: !software, powerPreference: 'low-power' });
  renderer.setPixelRatio(software ? RATIO.moving : Math.min(2, window.devicePixelRatio));
  if (!software) renderer.toneMapping = NeutralToneMapping;
  return { renderer, software };
}

/** The same shapes and colours with a light model that costs a fraction. */
export function simplify(scene: Object3D): void {
  scene.traverse((part) => {
    if (!(part instanceof Mesh) || !(part.material instanceof MeshStandardMaterial)) return;
    part.material = lambert(part.material);
  });
}

const simpler = new WeakMap<MeshStandardMaterial, MeshLambertMaterial>();

/** One for each, as lamps change the colours of materials that they share. */
function lambert(material: MeshStandardMaterial): MeshLambertMaterial {
  const known = simpler.get(material);
  if (known) return known;
  const { color, map, emissive, toneMapped } = material;
  const made = new MeshLambertMaterial({ map, toneMapped });
  // Share the colour objects, so that holders of the old material still control the lamp.
  made.color = color;
  made.emissive = emissive;
  simpler.set(material, made);
  return made;
}

function isSoftware(): boolean {
  const context = document.createElement('canvas').getContext('webgl');
  if (!context) return false;
  const info = context.getExtension('WEBGL_debug_renderer_info');
  const name = info ? String(context.getParameter(info.UNMASKED_RENDERER_WEBGL)) : '';
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
}
