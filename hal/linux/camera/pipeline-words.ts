import type { VideoSize } from '../../ports/media.ts';
import type { CameraSource } from './camera-source.ts';

/**
 * The pipeline from a source to frames of I420 on fd 3, in gst-launch's words.
 *
 * Latest wins: the queue right behind the source holds one picture and drops older ones, so what is
 * dropped was never decoded. All that follows runs in one thread; when nobody reads the pipe it
 * stands still there and nothing grows old but the one frame in hand.
 *
 * Aspect: the middle of the picture is cut out in the asked shape and then scaled; nothing is
 * stretched and there are no bars. A picture that loses its sides sees less than the lens' angle.
 */
export function pipelineWords(source: CameraSource, size: VideoSize, fps: number): string[] {
  return chain(
    source.words,
    LATEST,
    dropRate(source.fps, fps),
    source.coding === 'jpeg' ? ['jpegdec', 'idct-method=ifast', 'max-errors=-1'] : [],
    crop(source.size, size),
    sameSize(source.size, size) ? [] : ['videoscale', 'add-borders=false'],
    ['videoconvert'],
    [`video/x-raw,format=I420,width=${size.width},height=${size.height}${colour(source)}`],
    source.coding === 'jpeg' ? TO_LIMITED : [],
    ['gdppay', 'crc-header=false'],
    ['fdsink', 'fd=3', 'sync=false', 'enable-last-sample=false'],
  );
}

const LATEST = [
  'queue',
  'leaky=downstream',
  'max-size-buffers=1',
  'max-size-bytes=0',
  'max-size-time=0',
  'silent=true',
];

/**
 * JPEG is full range. videoconvert leaves the range as it is between YUV formats (seen in 1.22: a
 * white of 255 stays 255), whatever the caps say. videobalance computes 16 + (y - 16) * contrast +
 * 255 * brightness and (u - 128) * saturation: with these values exactly 219/255 and 224/255.
 */
const TO_LIMITED = [
  'videobalance',
  `contrast=${219 / 255}`,
  `brightness=${(16 * 219) / 255 / 255}`,
  `saturation=${224 / 255}`,
];

/** Raw pictures may be BT.709; the matrix is converted. Those of JPEG are BT.601 (JFIF). */
function colour({ coding }: CameraSource): string {
  return coding === 'raw' ? ',colorimetry=bt601' : '';
}

/** Drops pictures of a camera that is faster than asked, and changes no time stamp. */
function dropRate(given: number | undefined, asked: number): string[] {
  const faster = given === undefined || given > asked * 1.1;
  // A camera of unknown rate was asked for this one; do not drop what only comes a little early.
  const most = Math.ceil(given === undefined ? asked * 1.2 : asked);
  return faster ? ['videorate', 'drop-only=true', `max-rate=${most}`] : [];
}

function crop(given: VideoSize | undefined, asked: VideoSize): string[] {
  if (!given) return ['aspectratiocrop', `aspect-ratio=${asked.width}/${asked.height}`];
  const width = Math.min(given.width, even((given.height * asked.width) / asked.height));
  const height = Math.min(given.height, even((given.width * asked.height) / asked.width));
  const [sides, ends] = [given.width - width, given.height - height];
  if (sides === 0 && ends === 0) return [];
  const [left, top] = [even(sides / 2), even(ends / 2)];
  return [
    'videocrop',
    `left=${left}`,
    `right=${sides - left}`,
    `top=${top}`,
    `bottom=${ends - top}`,
  ];
}

function sameSize(given: VideoSize | undefined, asked: VideoSize): boolean {
  return given?.width === asked.width && given.height === asked.height;
}

/** Chroma is half as fine: cutting elsewhere would shift it. */
const even = (px: number): number => Math.round(px / 2) * 2;

function chain(...elements: readonly (readonly string[])[]): string[] {
  return elements
    .filter((element) => element.length > 0)
    .flatMap((element, i) => (i === 0 ? element : ['!', ...element]));
}
