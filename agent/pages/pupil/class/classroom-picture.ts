import type { PupilClientApi } from '../../../client/api.ts';
import { h } from '../../shared/dom.ts';
import type { ScreenContext } from '../parts/screen.ts';
import { LookDrag, type PicturePoint } from './look-drag.ts';
import { type ClassModel, headBlock, type Part, tapBlock } from './model.ts';

/** A finger that moves less than this and lifts soon has tapped. */
const TAP = { withinPx: 9, withinMs: 500 } as const;
/** Look commands at 30 a second: the picture has no more frames than that. */
const SEND_EVERY_MS = 33;
const RING_MS = 700;
/** For the marks at the top edge. */
const ROOM_ABOVE_PX = 64;

interface Touch {
  readonly pointer: number;
  readonly at: { readonly x: number; readonly y: number };
  readonly since: number;
  drag: LookDrag | undefined;
}

/** The picture of the classroom on its stage: shows it, and turns drags and taps into looks. */
export class Picture implements Part {
  readonly element: HTMLElement;
  private readonly ring = h('div', { class: 'tap-ring', hidden: true, 'aria-hidden': 'true' });
  private box: Box = { left: 0, top: 0, width: 0, height: 0 };
  private touch: Touch | undefined;
  private model: ClassModel | undefined;
  private sentAt = 0;
  private frameAt = 0;

  constructor(
    private readonly context: ScreenContext,
    private readonly client: Pick<PupilClientApi, 'look' | 'tap'>,
    private readonly video: HTMLVideoElement,
    /** Shown for a moment and announced. */
    private readonly tell: (text: string) => void,
  ) {
    const { say, signal } = context;
    const help = h('p', { id: 'picture-help', class: 'visually-hidden' }, say('pictureHelp'));
    this.element = h(
      'div',
      {
        id: 'stage',
        class: 'stage-picture',
        role: 'group',
        tabindex: 0,
        'aria-label': say('picture'),
        'aria-describedby': 'picture-help head-reason',
      },
      video,
      this.ring,
      help,
    );
    const listen = { signal } as const;
    this.element.addEventListener('pointerdown', (event) => this.down(event), listen);
    this.element.addEventListener('pointermove', (event) => this.move(event), listen);
    this.element.addEventListener('pointerup', (event) => this.up(event), listen);
    this.element.addEventListener('pointercancel', () => this.drop(), listen);
    video.addEventListener('resize', () => this.fit(), listen);
    const watch = new ResizeObserver(() => this.fit());
    watch.observe(this.element);
    signal.addEventListener('abort', () => watch.disconnect());
  }

  update(model: ClassModel): void {
    this.model = model;
    this.element.classList.toggle('still', headBlock(model) !== undefined);
  }

  private fit(): void {
    const stage = { width: this.element.clientWidth, height: this.element.clientHeight };
    const picture = { width: this.video.videoWidth, height: this.video.videoHeight };
    this.box = fitPicture(stage, picture, ROOM_ABOVE_PX);
    for (const side of ['left', 'top', 'width', 'height'] as const) {
      this.video.style[side] = `${this.box[side]}px`;
    }
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0 || this.touch) return;
    this.element.setPointerCapture(event.pointerId);
    const { clientX: x, clientY: y, pointerId: pointer } = event;
    this.touch = { pointer, at: { x, y }, since: this.context.clock.now(), drag: undefined };
  }

  private move(event: PointerEvent): void {
    const touch = this.touch;
    if (!touch || event.pointerId !== touch.pointer) return;
    const { clientX, clientY } = event;
    if (!touch.drag) {
      if (Math.hypot(clientX - touch.at.x, clientY - touch.at.y) < TAP.withinPx) return;
      if (this.blocked(headBlock)) {
        this.drop();
        return;
      }
      this.startDrag(touch);
    }
    const limited = touch.drag?.atLimit;
    touch.drag?.move(this.pointAt(clientX, clientY));
    if (touch.drag?.atLimit && !limited) this.tell(this.context.say('headLimit'));
  }

  private startDrag(touch: Touch): void {
    const robot = this.model?.robot;
    if (!robot) return;
    const pose = { pan: robot.pan.deg, tilt: robot.tilt.deg };
    touch.drag = new LookDrag(pose, this.pointAt(touch.at.x, touch.at.y), robot);
    this.element.classList.add('dragging');
    this.frameAt = this.context.clock.now();
    this.sendWhileMoving(touch.drag);
  }

  /** Each frame, until the finger is gone and the head's target has reached where it was. */
  private sendWhileMoving(drag: LookDrag): void {
    if (this.context.signal.aborted) return;
    const now = this.context.clock.now();
    if (now - this.sentAt >= SEND_EVERY_MS) {
      const pose = drag.step(now - this.frameAt);
      this.frameAt = now;
      this.sentAt = now;
      if (pose) this.client.look(pose.pan, pose.tilt);
      else if (this.touch?.drag !== drag) return;
    }
    requestAnimationFrame(() => this.sendWhileMoving(drag));
  }

  private up(event: PointerEvent): void {
    const touch = this.touch;
    if (!touch || event.pointerId !== touch.pointer) return;
    this.drop();
    const quick = this.context.clock.now() - touch.since < TAP.withinMs;
    if (!touch.drag && quick) this.tap(event.clientX, event.clientY);
  }

  /** Says why, when the picture cannot be turned or pointed at now. */
  private blocked(why: typeof headBlock): boolean {
    const reason = this.model && why(this.model);
    if (reason) this.tell(this.context.say(reason));
    return reason !== undefined;
  }

  private drop(): void {
    this.touch = undefined;
    this.element.classList.remove('dragging');
  }

  /** The robot knows its lens: it gets the place in the picture, not an angle. */
  private tap(clientX: number, clientY: number): void {
    const stage = this.element.getBoundingClientRect();
    const x = (clientX - stage.left - this.box.left) / this.box.width;
    const y = (clientY - stage.top - this.box.top) / this.box.height;
    if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) return;
    if (this.blocked(tapBlock)) return;
    this.client.tap(x, y);
    this.ring.style.left = `${clientX - stage.left}px`;
    this.ring.style.top = `${clientY - stage.top}px`;
    this.ring.hidden = false;
    this.context.clock.after(RING_MS, () => {
      this.ring.hidden = true;
    });
  }

  private pointAt(clientX: number, clientY: number): PicturePoint {
    const stage = this.element.getBoundingClientRect();
    const width = this.box.width || stage.width;
    return {
      x: (clientX - stage.left - this.box.left) / width - 0.5,
      y: (clientY - stage.top - this.box.top - this.box.height / 2) / width,
    };
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

/** At most this share of the picture may fall outside of the stage: the edge of a board matters. */
const MOST_CUT = 0.16;

/**
 * Where a picture stands on its stage: it fills the stage when little is cut off, else it is as big
 * as the cut allows and the rest of the stage stays dark. On a tall stage it stands near the top, where
 * the eyes are, `roomAbove` pixels below the edge.
 */
export function fitPicture(stage: Size, picture: Size, roomAbove: number): Box {
  if (picture.width <= 0 || picture.height <= 0) return { left: 0, top: 0, ...stage };
  const across = stage.width / picture.width;
  const down = stage.height / picture.height;
  const scale = Math.min(Math.max(across, down), Math.min(across, down) / (1 - MOST_CUT));
  const width = picture.width * scale;
  const height = picture.height * scale;
  const middle = (stage.height - height) / 2;
  const top = Math.min(middle, roomAbove);
  return { left: (stage.width - width) / 2, top, width, height };
}
