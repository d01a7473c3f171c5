/*
 * Which sound devices ALSA has, by /proc/asound (sound/core/pcm.c, init.c), and which of them a name
 * of a board file means (alsa-lib, "PCM naming conventions").
 */

type Direction = 'capture' | 'playback';

/** One PCM device of a card. */
export interface PcmDevice {
  readonly card: number;
  /** As `hw:CARD=` takes it; undefined: /proc/asound/cards does not tell. */
  readonly cardId: string | undefined;
  readonly device: number;
  /** For people. */
  readonly name: string;
  readonly directions: readonly Direction[];
}

/**
 * `pcm`: /proc/asound/pcm, as `03-00: USB Audio : USB Audio : playback 1 : capture 1`; `cards`:
 * /proc/asound/cards, as ` 3 [Device         ]: USB-Audio - USB PnP Sound Device`.
 */
export function parseAlsaDevices(pcm: string, cards: string): readonly PcmDevice[] {
  const ids = new Map(
    [...cards.matchAll(/^\s*(\d+)\s*\[(\S+)\s*\]/gm)].map(([, card, id]) => [Number(card), id]),
  );
  return pcm.split('\n').flatMap((line) => {
    const [, card, device, rest = ''] = /^(\d+)-(\d+):(.*)$/.exec(line.trim()) ?? [];
    if (card === undefined || device === undefined) return [];
    const fields = rest.split(':').map((field) => field.trim());
    const has = (direction: Direction): boolean =>
      fields.some((field) => new RegExp(`^${direction} [1-9]`).test(field));
    return {
      card: Number(card),
      cardId: ids.get(Number(card)),
      device: Number(device),
      name: fields[0] || (fields[1] ?? ''),
      directions: (['capture', 'playback'] as const).filter(has),
    };
  });
}

/** What the name of a PCM leads to. */
type Judged =
  | { readonly kind: 'there'; readonly device: PcmDevice }
  /** No such card, or no such device of it. */
  | { readonly kind: 'missing' }
  /** It is there, and does not do this. */
  | { readonly kind: 'otherWay'; readonly device: PcmDevice }
  /** `default` is the first card, which does not do this. */
  | { readonly kind: 'firstLacks' }
  /** A name of ALSA's configuration, or of a plug-in: only opening it tells. */
  | { readonly kind: 'unknown' };

/** `configured`: somebody has said what `default` is (asound.conf, .asoundrc, a sound server). */
export function judgePcm(
  name: string,
  direction: Direction,
  devices: readonly PcmDevice[],
  configured = false,
): Judged {
  const wanted = queryOf(name);
  if (!wanted) return { kind: 'unknown' };
  if (wanted.isDefault && configured) return { kind: 'unknown' };
  const some = devices.filter(
    ({ card, cardId, device }) =>
      (String(card) === wanted.card || cardId === wanted.card) &&
      (wanted.device === undefined || device === wanted.device),
  );
  const there = some.find(({ directions }) => directions.includes(direction));
  if (there) return { kind: 'there', device: there };
  if (wanted.isDefault) return { kind: 'firstLacks' };
  const [other] = some;
  return other ? { kind: 'otherWay', device: other } : { kind: 'missing' };
}

/** Names of one device of a card, by its number. */
const OF_A_DEVICE = /^(?:hw|plughw|dmix|dsnoop)$/;
/** Names of a card; which of its devices they are stands in ALSA's own tables. */
const OF_A_CARD = /^(?:default|sysdefault|front|rear|hdmi|iec958|usbstream|surround\d\d)$/;

interface DeviceQuery {
  /** Number or id. */
  readonly card: string;
  /** Undefined: whichever the card has. */
  readonly device: number | undefined;
  readonly isDefault: boolean;
}

/** `hw:1`, `hw:1,0`, `plughw:CARD=Device,DEV=0`. Undefined: no name of a card or its device. */
function queryOf(name: string): DeviceQuery | undefined {
  const [kind = '', text] = name.split(/:(.*)/s);
  const ofDevice = OF_A_DEVICE.test(kind);
  if (!ofDevice && !OF_A_CARD.test(kind)) return undefined;
  if (text === undefined) return { card: '0', device: 0, isDefault: !ofDevice };
  const keyed = new Map<string, string>();
  const positional: string[] = [];
  for (const part of text.split(/[,\s]+/)) {
    const [, key = '', value] = /^(\w+)=(.+)$/.exec(part) ?? [];
    if (value === undefined) positional.push(part);
    else keyed.set(key.toUpperCase(), value);
  }
  const card = keyed.get('CARD') ?? positional[0];
  const device = Number(keyed.get('DEV') ?? positional[1] ?? 0);
  if (!card || !Number.isInteger(device)) return undefined;
  return { card, device: ofDevice ? device : undefined, isDefault: false };
}

/** How devices that do this are named in a board file, with what people know them by. */
export function namesOf(devices: readonly PcmDevice[], direction: Direction): string[] {
  return devices
    .filter(({ directions }) => directions.includes(direction))
    .map(
      ({ card, cardId, device, name }) => `plughw:CARD=${cardId ?? card},DEV=${device} (${name})`,
    );
}
