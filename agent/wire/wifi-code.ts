/**
 * The text that phones and routers show in QR codes for a wireless network:
 *
 *     WIFI:T:WPA;S:name;P:passphrase;H:true;;
 *
 * as ZXing and Android write and read it, with the fields of 802.1X (T:WPA2-EAP; E method, A
 * anonymous identity, I identity, PH2 inner method). `\ ; , : "` are escaped by `\`. Such a code is
 * signed by nobody: it may be read only while somebody stands at the robot, and names a network.
 */

/** Methods of 802.1X that need no certificate on the robot. */
export const EAP_METHODS = ['PEAP', 'TTLS', 'PWD'] as const;
export const EAP_INNER_METHODS = ['MSCHAPV2', 'PAP', 'GTC', 'MD5', 'MSCHAP'] as const;

interface Named {
  /** 1 to 32 bytes of UTF-8. */
  readonly ssid: string;
  /** Does not announce its name. */
  readonly hidden: boolean;
}

export type WifiNetwork =
  | (Named & { readonly security: 'open' })
  /** WPA, WPA2 or WPA3 (SAE); 8 to 63 characters, or 64 hex digits: the key itself. */
  | (Named & { readonly security: 'psk'; readonly passphrase: string })
  | (Named & {
      readonly security: 'eap';
      readonly method: (typeof EAP_METHODS)[number];
      readonly identity: string;
      readonly anonymousIdentity?: string;
      readonly password: string;
      readonly inner?: (typeof EAP_INNER_METHODS)[number];
    });

/** Name of the field as it stands in the code. */
export type WifiField = 'T' | 'S' | 'P' | 'H' | 'E' | 'A' | 'I' | 'PH2';

export type WifiCode =
  | { readonly ok: true; readonly network: WifiNetwork }
  /** `why` says what was expected, without the value. */
  | { readonly ok: false; readonly field: WifiField | 'code'; readonly why: string };

const PREFIX = /^WIFI:/i;
/** A longer code is none of a network. UTF-16 units. */
const MAX_LENGTH = 1_000;
const MAX_SSID_BYTES = 32;
/** Identity and password of 802.1X. */
const MAX_CREDENTIAL = 253;

export function isWifiCode(text: string): boolean {
  return PREFIX.test(text);
}

export function parseWifiCode(text: string): WifiCode {
  if (!isWifiCode(text)) return refuse('code', 'expected WIFI: at its beginning');
  if (text.length > MAX_LENGTH) return refuse('code', `expected at most ${MAX_LENGTH} characters`);
  const fields = fieldsOf(text.slice('WIFI:'.length));
  if ('ok' in fields) return fields;
  const ssid = fields.get('S') ?? '';
  const bytes = new TextEncoder().encode(ssid).length;
  if (bytes === 0) return refuse('S', 'expected the name of the network');
  if (bytes > MAX_SSID_BYTES)
    return refuse('S', `expected at most ${MAX_SSID_BYTES} bytes, got ${bytes}`);
  if (hasControls(ssid)) return refuse('S', 'expected no control characters');
  const hidden = (fields.get('H') ?? 'false').toLowerCase();
  if (hidden !== 'true' && hidden !== 'false' && hidden !== '')
    return refuse('H', 'expected true or false');
  return secured({ ssid, hidden: hidden === 'true' }, fields);
}

/** The code of a network; what parseWifiCode reads. */
export function wifiCodeOf(network: WifiNetwork): string {
  const fields: (readonly [WifiField, string | undefined])[] = [];
  if (network.security === 'open') fields.push(['T', 'nopass']);
  else if (network.security === 'psk') fields.push(['T', 'WPA'], ['P', network.passphrase]);
  else
    fields.push(
      ['T', 'WPA2-EAP'],
      ['E', network.method],
      ['A', network.anonymousIdentity],
      ['I', network.identity],
      ['P', network.password],
      ['PH2', network.inner],
    );
  fields.push(['S', network.ssid], ['H', network.hidden ? 'true' : undefined]);
  const written = fields.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}:${value.replace(/[\\;,:"]/g, '\\$&')};`],
  );
  return `WIFI:${written.join('')};`;
}

type Fields = ReadonlyMap<string, string>;

function secured(named: Named, fields: Fields): WifiCode {
  const type = (fields.get('T') ?? 'nopass').toUpperCase();
  switch (type) {
    case '':
    case 'NOPASS':
      if (fields.get('P')) return refuse('T', 'expected WPA where there is a passphrase (P)');
      return { ok: true, network: { ...named, security: 'open' } };
    case 'WPA':
    case 'WPA2':
    case 'WPA3':
    case 'SAE':
      return withPassphrase(named, fields.get('P') ?? '');
    case 'WPA2-EAP':
    case 'WPA3-EAP':
    case 'WPA-EAP':
      return withLogin(named, fields);
    case 'WEP':
      return refuse('T', 'expected WPA, WPA2-EAP or nopass: WEP protects nothing');
    default:
      return refuse('T', 'expected WPA, WPA2-EAP or nopass');
  }
}

function withPassphrase(named: Named, passphrase: string): WifiCode {
  // IEEE 802.11, annex J.4: printable ASCII; or the 256 bits themselves.
  if (!/^(?:[ -~]{8,63}|[0-9A-Fa-f]{64})$/.test(passphrase))
    return refuse('P', 'expected 8 to 63 printable ASCII characters, or 64 hex digits');
  return { ok: true, network: { ...named, security: 'psk', passphrase } };
}

function withLogin(named: Named, fields: Fields): WifiCode {
  const said = (fields.get('E') ?? '').toUpperCase();
  const method = EAP_METHODS.find((one) => one === said);
  if (!method) return refuse('E', `expected one of ${EAP_METHODS.join(', ')}`);
  const identity = fields.get('I') ?? '';
  const password = fields.get('P') ?? '';
  const anonymousIdentity = fields.get('A');
  const credentials = [['I', identity] as const, ['P', password] as const];
  for (const [field, value] of credentials)
    if (value === '') return refuse(field, 'expected a value for WPA2-EAP');
  for (const [field, value] of [...credentials, ['A', anonymousIdentity ?? ''] as const])
    if (value.length > MAX_CREDENTIAL || hasControls(value))
      return refuse(field, `expected at most ${MAX_CREDENTIAL} characters, none of them control`);
  const saidInner = fields.get('PH2')?.toUpperCase();
  const inner = EAP_INNER_METHODS.find((one) => one === saidInner);
  if (saidInner && saidInner !== 'NONE' && !inner)
    return refuse('PH2', `expected one of ${EAP_INNER_METHODS.join(', ')}`);
  return {
    ok: true,
    network: {
      ...{ ...named, security: 'eap', method, identity, password },
      ...(anonymousIdentity && { anonymousIdentity }),
      ...(inner && { inner }),
    },
  };
}

/** The first value of each field. Fields that are not known are passed over. */
function fieldsOf(text: string): Fields | Extract<WifiCode, { ok: false }> {
  const fields = new Map<string, string>();
  let at = 0;
  // An empty field ends the code; many are written without.
  while (at < text.length && text[at] !== ';') {
    const colon = text.indexOf(':', at);
    const name = text.slice(at, colon < 0 ? text.length : colon);
    if (colon < 0 || !/^[A-Za-z0-9]{1,8}$/.test(name))
      return refuse('code', `expected NAME:value; at character ${at + 'WIFI:'.length + 1}`);
    const { value, end } = valueAt(text, colon + 1);
    const key = name.toUpperCase();
    if (!fields.has(key)) fields.set(key, value);
    at = end + 1;
  }
  return fields;
}

/** Up to the next `;` that is not escaped. Quotes around the whole value are not part of it. */
function valueAt(text: string, start: number): { value: string; end: number } {
  const quoted = text[start] === '"';
  let value = '';
  let closed = false;
  let at = start + (quoted ? 1 : 0);
  for (; at < text.length && text[at] !== ';'; at++) {
    const escaped = text[at] === '\\' && at + 1 < text.length;
    if (escaped) at += 1;
    closed = !escaped && text[at] === '"';
    value += text[at];
  }
  if (!quoted) return { value, end: at };
  // Without its partner the first quote is part of the value.
  return { value: closed ? value.slice(0, -1) : `"${value}`, end: at };
}

function hasControls(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

function refuse(field: WifiField | 'code', why: string): Extract<WifiCode, { ok: false }> {
  return { ok: false, field, why };
}
