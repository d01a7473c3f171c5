/** What a tablet is to show for a text or a file that somebody gives the page. */
import { isPart, splitIntoCodes } from '../../../../agent/wire/code.ts';
import { isWifiCode } from '../../../../agent/wire/wifi-code.ts';
import { MAX_CODE_LENGTH } from '../../../world/schema.ts';

export type CodesToHold =
  | { readonly ok: true; readonly codes: readonly string[] }
  | { readonly ok: false; readonly why: 'empty' | 'tooLong' | 'noCode' };

/** Wi-Fi and codes of a sequence (one a line) as they are, links too; other text is a document. */
export function codesOfText(given: string): CodesToHold {
  const text = given.trim();
  if (text === '') return { ok: false, why: 'empty' };
  const lines = text.split(/\s+/);
  if (lines.every(isPart) && lines.every(({ length }) => length <= MAX_CODE_LENGTH))
    return { ok: true, codes: lines.slice(0, 64) };
  if (isWifiCode(text) || /^https?:\/\/\S+$/.test(text))
    return text.length <= MAX_CODE_LENGTH
      ? { ok: true, codes: [text] }
      : { ok: false, why: 'tooLong' };
  const split = splitIntoCodes(text);
  return split.ok ? split : { ok: false, why: 'tooLong' };
}

/** A picture of a code is read, and its text shown anew; any other file is text. */
export async function codesOfFile(file: File): Promise<CodesToHold> {
  if (!file.type.startsWith('image/')) return codesOfText(await file.text());
  try {
    const { default: decode } = await import('qr/decode.js');
    const text = decode(await pixelsOf(file));
    return text.length <= MAX_CODE_LENGTH
      ? { ok: true, codes: [text] }
      : { ok: false, why: 'tooLong' };
  } catch {
    return { ok: false, why: 'noCode' };
  }
}

/** Larger pictures say nothing more. */
const MAX_SIDE = 1_200;

async function pixelsOf(file: File): Promise<ImageData> {
  const bitmap = await createImageBitmap(file);
  const by = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [Math.ceil(bitmap.width * by), Math.ceil(bitmap.height * by)];
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new Error('no canvas');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
