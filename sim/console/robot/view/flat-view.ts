/** The robot as a drawing from the front, where the browser gives no WebGL. Same look, same buttons. */
import { s } from '../../../../agent/pages/shared/dom.ts';
import { dotsOf, type Look, seen } from '../model/look.ts';
import type { RobotView } from './view.ts';

const DARK = [29, 36, 41] as const;
const EYE = [217, 255, 241] as const;

export class FlatView implements RobotView {
  readonly kind = 'flat';
  readonly element: SVGSVGElement;
  private readonly face = s('g');
  private readonly ring = s('rect', {
    x: -123,
    y: -86,
    width: 246,
    height: 172,
    rx: 62,
    fill: 'none',
    'stroke-width': 11,
  });
  private readonly hand = s('circle', { cx: 0, cy: -124, r: 21 });
  private readonly handGlow = s('circle', { cx: 0, cy: -124, r: 44, fill: '#1fff4d' });
  private readonly watch = s('circle', { cx: 23, cy: -48, r: 5 });
  private readonly eyes: SVGCircleElement[] = [];
  private readonly teacher = s('circle', { cx: 0, cy: 212, r: 26, fill: '#e0a23c' });
  private readonly pair = s('circle', { cx: 74, cy: 252, r: 11, fill: '#8d7bb5' });

  constructor() {
    this.drawFace();
    const shell = { fill: '#f4f0e8', stroke: '#cfc7b8', 'stroke-width': 2 };
    const ear = { width: 34, height: 84, y: -42, rx: 15, fill: '#2a7f79' };
    const head = s(
      'g',
      {},
      this.handGlow,
      this.hand,
      s('rect', { x: -30, y: -116, width: 60, height: 14, rx: 6, fill: '#2a7f79' }),
      s('rect', { x: -162, ...ear }),
      s('rect', { x: 128, ...ear }),
      s('rect', { x: -145, y: -108, width: 290, height: 216, rx: 78, ...shell }),
      this.face,
    );
    const body = 'M-70 152 C-92 190 -136 220 -134 286 L134 286 C136 220 92 190 70 152 Z';
    this.element = s(
      'svg',
      { viewBox: '-220 -190 440 500', class: 'flat', 'aria-hidden': 'true' },
      s('rect', { x: -210, y: 282, width: 420, height: 22, rx: 9, fill: '#d9b98c' }),
      s('rect', { x: -42, y: 100, width: 84, height: 60, fill: '#39474d' }),
      s('path', { d: body, ...shell }),
      s('rect', { x: -134, y: 272, width: 268, height: 14, rx: 6, fill: '#2a7f79' }),
      this.teacher,
      this.pair,
      head,
    );
  }

  show(look: Look): void {
    // From the front a turn shows as a shift of the face on the shell.
    const x = 34 * Math.sin((look.panDeg * Math.PI) / 180);
    this.face.setAttribute('transform', `translate(${x.toFixed(1)} ${(-look.tiltDeg).toFixed(1)})`);
    this.face.setAttribute('opacity', Math.abs(look.panDeg) > 100 ? '0.25' : '1');
    this.ring.setAttribute('stroke', lamp(look.ring));
    const hand = seen(look.hand);
    this.hand.setAttribute(
      'fill',
      hand > 0 ? lamp([0.05 * look.hand, look.hand, 0.12 * look.hand]) : '#b4bfb2',
    );
    this.handGlow.setAttribute('opacity', (0.4 * hand).toFixed(2));
    this.watch.setAttribute('fill', look.watch ? '#ffffff' : '#2b3439');
    this.teacher.setAttribute('r', look.teacherPressed ? '23' : '26');
    this.pair.setAttribute('r', look.pairPressed ? '9' : '11');
    this.showEyes(look.eyes);
  }

  close(): void {
    this.element.remove();
  }

  private drawFace(): void {
    this.face.append(
      s('rect', { x: -112, y: -76, width: 224, height: 152, rx: 52, fill: '#10171b' }),
      this.ring,
      s('circle', { cx: 0, cy: -48, r: 11, fill: '#0a1726', stroke: '#5d676c', 'stroke-width': 3 }),
      this.watch,
    );
    for (let eye = 0; eye < 2; eye++)
      for (let i = 0; i < 64; i++) {
        const cx = (eye === 0 ? -47 : 47) + ((i % 8) - 3.5) * 7.4;
        const cy = (Math.floor(i / 8) - 3.5) * 7.4 + 8;
        const dot = s('circle', { cx, cy, r: 2.9 });
        this.eyes.push(dot);
        this.face.append(dot);
      }
  }

  private showEyes({ left, right, brightness }: Look['eyes']): void {
    const share = brightness === 0 ? 0 : 0.35 + brightness / 23;
    const lit = mix(share);
    const dark = mix(0);
    [left, right].forEach((rows, eye) => {
      rows.forEach((row, y) => {
        dotsOf(row).forEach((on, x) => {
          this.eyes[eye * 64 + y * 8 + x]?.setAttribute('fill', on ? lit : dark);
        });
      });
    });
  }
}

const lamp = (light: readonly number[]): string =>
  `rgb(${light.map((level) => Math.round(60 + 195 * seen(level))).join(' ')})`;

const mix = (share: number): string =>
  `rgb(${DARK.map((dark, i) => Math.round(dark + ((EYE[i] ?? 0) - dark) * share)).join(' ')})`;
