/** A drawn classroom for the page's own tests and screenshots: its picture follows the fake head. */
const WIDTH = 1280;
const HEIGHT = 720;
/** The picture is 90 degrees wide. */
const PX_PER_DEG = WIDTH / 90;

export interface FakeHead {
  pan: number;
  tilt: number;
}

export function fakePicture(head: FakeHead): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas here');
  const paint = (): void => {
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = '#e7dfd0';
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    pen.translate(WIDTH / 2 + head.pan * PX_PER_DEG, HEIGHT / 2 + head.tilt * PX_PER_DEG);
    paintRoom(pen);
    requestAnimationFrame(paint);
  };
  paint();
  return canvas.captureStream(30);
}

function paintRoom(pen: CanvasRenderingContext2D): void {
  box(pen, -2600, 190, 5200, 900, '#b99b74');
  box(pen, -2600, 176, 5200, 14, '#8d7556');
  box(pen, -440, -260, 880, 330, '#7a5c3e');
  box(pen, -424, -244, 848, 298, '#23493b');
  write(pen, 'Breuken', -380, -160, 64);
  write(pen, '3/4 + 1/8 = 7/8', -380, -70, 52);
  write(pen, 'Blz. 42, som 1 t/m 6', -380, 0, 34);
  for (const at of [-1500, -1050, 760, 1180]) window_(pen, at);
  person(pen, 300, 40, 1.25, '#3d5a80', '#c98f6b', '#3b2a20');
  const shirts = ['#b5544d', '#d69a3a', '#5d8a66', '#6d6aa3', '#4f8ea3'];
  for (const [index, shirt] of shirts.entries()) {
    const at = -980 + index * 480;
    person(
      pen,
      at,
      210,
      1,
      shirt,
      index % 2 ? '#8a5a3c' : '#e0b08c',
      index % 2 ? '#1e1712' : '#6b4426',
    );
    box(pen, at - 170, 300, 340, 26, '#d8c19a');
    box(pen, at - 160, 326, 18, 160, '#77818a');
    box(pen, at + 142, 326, 18, 160, '#77818a');
  }
}

function box(
  pen: CanvasRenderingContext2D,
  x: number,
  y: number,
  w: number,
  h: number,
  colour: string,
): void {
  pen.fillStyle = colour;
  pen.fillRect(x, y, w, h);
}

function write(
  pen: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  size: number,
): void {
  pen.fillStyle = '#eef4ee';
  pen.font = `${size}px sans-serif`;
  pen.fillText(text, x, y);
}

function window_(pen: CanvasRenderingContext2D, x: number): void {
  box(pen, x, -300, 300, 380, '#f7f4ec');
  box(pen, x + 14, -286, 272, 352, '#a9cfe6');
  box(pen, x + 143, -286, 14, 352, '#f7f4ec');
}

function person(
  pen: CanvasRenderingContext2D,
  x: number,
  y: number,
  size: number,
  shirt: string,
  skin: string,
  hair: string,
): void {
  pen.fillStyle = shirt;
  pen.beginPath();
  pen.roundRect(x - 70 * size, y - 40 * size, 140 * size, 190 * size, 46 * size);
  pen.fill();
  for (const [colour, up] of [
    [hair, 100],
    [skin, 88],
  ] as const) {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(x, y - up * size, (colour === hair ? 56 : 48) * size, 0, 2 * Math.PI);
    pen.fill();
  }
}
