/**
 * Reads QR codes with ZXing (WebAssembly) from a file of the package: nothing is fetched, and a file
 * that is not there is an error here and not a request elsewhere.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, type ReaderOptions, readBarcodes } from 'zxing-wasm/reader';

/** Luma of a picture, a byte a pixel, line by line. */
export interface LumaPicture {
  readonly width: number;
  readonly height: number;
  readonly luma: Uint8Array;
}

export type ReadCodes = (picture: LumaPicture) => Promise<readonly string[]>;

/** One on the tablet; another may lie on the desk. */
const MAX_CODES_IN_PICTURE = 4;

const OPTIONS: ReaderOptions = {
  formats: ['QRCode'],
  maxNumberOfSymbols: MAX_CODES_IN_PICTURE,
  tryHarder: true,
  tryInvert: true,
  tryRotate: true,
  tryDownscale: true,
  textMode: 'Plain',
};

/** Where the package keeps its program. Throws when the package is not installed. */
function wasmFile(): string {
  return createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
}

/** Rejects when the program cannot be read or does not run. */
export async function openCodeReader(file = wasmFile()): Promise<ReadCodes> {
  const bytes = readFileSync(file);
  const wasmBinary = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  await prepareZXingModule({
    overrides: {
      wasmBinary,
      // A name only: the program is there already, and nothing is fetched.
      locateFile: () => file,
    },
    fireImmediately: true,
  });
  return async ({ width, height, luma }) => {
    const data = grey(luma, width * height);
    const found = await readBarcodes({ width, height, data, colorSpace: 'srgb' }, OPTIONS);
    return found.filter(({ isValid }) => isValid).map(({ text }) => text);
  };
}

/** RGBA, as the decoder takes pictures. Limited range is stretched to the full one. */
function grey(luma: Uint8Array, pixels: number): Uint8ClampedArray<ArrayBuffer> {
  const data = new Uint8ClampedArray(pixels * 4);
  const words = new Uint32Array(data.buffer);
  for (let i = 0; i < pixels; i++) {
    const y = Math.max(0, Math.min(255, (((luma[i] ?? 0) - 16) * 255) / 219)) | 0;
    words[i] = 0xff000000 | (y << 16) | (y << 8) | y;
  }
  return data;
}
