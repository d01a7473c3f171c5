/**
 * What is agreed between pupil and robot, and no more: one picture that the robot sends, one sound
 * both ways, one transport of data channels. An offer is cut down to that before the library sees
 * it; whatever else stands in it is refused (port 0, RFC 8829, 5.3.1), so that nothing of it is
 * negotiated, received or decoded. The pupil is never shown: a picture is only ever sent.
 */

/** A browser offers three. */
const MAX_SECTIONS = 16;
const MAX_LINE = 4_000;
const MAX_CANDIDATES = 64;
/** Of media that is not taken, or in forms that are not (several pictures, several layers). */
const SENDER_LINES = /^a=(?:ssrc|ssrc-group|msid|rid|simulcast)[: ]/;

/** Media, port, protocol and at least one format (RFC 8866, 5.14): one in another form cannot be refused. */
const MEDIA_LINE = /^m=[!-~]+ \d{1,5}(?:\/\d{1,5})? [!-~]+(?: [!-~]+)+$/;

export type Part = 'video' | 'audio' | 'data';

type AgreedOffer =
  | { readonly ok: true; readonly sdp: string; readonly has: ReadonlySet<Part> }
  | { readonly ok: false; readonly why: string };

interface Section {
  readonly media: string;
  readonly lines: readonly string[];
  readonly mid: string;
  /** Not refused by the pupil itself: such a section has port 0 and is not bundle-only. */
  readonly offered: boolean;
  readonly direction: string;
}

export function agreedOffer(sdp: string): AgreedOffer {
  const [head = [], ...bodies] = blocksOf(sdp);
  if (bodies.length > MAX_SECTIONS) return refuse(`${bodies.length} media sections`);
  if (sdp.split('\n').some((line) => line.length > MAX_LINE)) return refuse('a line too long');
  if (sdp.split(/\r?\n/).some((line) => /[\r\0]/.test(line)))
    return refuse('a line with control characters');
  const odd = bodies.find(([first = '']) => !MEDIA_LINE.test(first))?.[0];
  if (odd !== undefined) return refuse(`not a media line: "${odd.slice(0, 40)}"`);
  const sections = bodies.map(sectionOf);
  if (new Set(sections.map(({ mid }) => mid)).size !== sections.length || sections.some(isNameless))
    return refuse('media sections without a name (mid) of their own');
  const taken = new Map<Section, Part>();
  for (const section of sections) {
    const part = partOf(section);
    if (part && ![...taken.values()].includes(part)) taken.set(section, part);
  }
  const has = new Set(taken.values());
  if (!has.has('data')) return refuse('no data channels');
  const mids = [...taken.keys()].map(({ mid }) => mid);
  if (!areBundled(head, mids)) return refuse('media on several transports');
  const lines = [
    ...head.filter((line) => !line.startsWith('a=group:')),
    `a=group:BUNDLE ${mids.join(' ')}`,
    ...sections.flatMap((section) => rewritten(section, taken.get(section))),
  ];
  return { ok: true, sdp: `${withFewCandidates(lines).join('\r\n')}\r\n`, has };
}

/** What of an answer is not as agreed, in words; undefined when all is. Looked at before it is applied. */
export function beyondAgreement(answer: string): string | undefined {
  const live = blocksOf(answer)
    .slice(1)
    .map(sectionOf)
    .filter(({ offered }) => offered);
  for (const media of ['video', 'audio', 'application'])
    if (live.filter((section) => section.media === media).length > 1) return `two of ${media}`;
  const other = live.find(({ media }) => !['video', 'audio', 'application'].includes(media));
  if (other) return `media ${other.media}`;
  const picture = live.find(({ media }) => media === 'video');
  if (picture && !['sendonly', 'inactive'].includes(picture.direction))
    return `a picture that is ${picture.direction}`;
  return undefined;
}

function partOf({ media, offered, direction, lines }: Section): Part | undefined {
  if (!offered) return undefined;
  if (media === 'video') return /^(?:recvonly|sendrecv)$/.test(direction) ? 'video' : undefined;
  if (media === 'audio') return direction === 'inactive' ? undefined : 'audio';
  const sctp = /^m=application \d+ (?:UDP|TCP)\/DTLS\/SCTP webrtc-datachannel$/;
  return media === 'application' && sctp.test(lines[0] ?? '') ? 'data' : undefined;
}

function rewritten(section: Section, part: Part | undefined): string[] {
  const [first = '', ...rest] = section.lines;
  const lines = rest.filter((line) => line !== 'a=bundle-only');
  if (part === undefined)
    return [
      withPort(first, 0),
      ...withDirection(lines, 'inactive').filter((line) => !SENDER_LINES.test(line)),
    ];
  const live = [withPort(first, 9), ...lines];
  if (part === 'video')
    return withDirection(live, 'recvonly').filter((line) => !SENDER_LINES.test(line));
  return part === 'audio' ? withOneSource(live) : live;
}

/** One voice: layers and further sources of it are no others. */
function withOneSource(lines: readonly string[]): string[] {
  const [source] = lines.flatMap((line) => /^a=ssrc:(\d+) /.exec(line)?.[1] ?? []);
  return lines.filter(
    (line) =>
      !/^a=(?:ssrc-group|rid|simulcast)[: ]/.test(line) &&
      (!line.startsWith('a=ssrc:') || line.startsWith(`a=ssrc:${source} `)),
  );
}

const DIRECTION = /^a=(sendrecv|sendonly|recvonly|inactive)$/;

function withDirection(lines: readonly string[], direction: string): string[] {
  return [...lines.filter((line) => !DIRECTION.test(line)), `a=${direction}`];
}

function withPort(line: string, port: number): string {
  return line.replace(/^(m=\S+) \d+(?:\/\d+)?/, `$1 ${port}`);
}

function withFewCandidates(lines: readonly string[]): string[] {
  let left = MAX_CANDIDATES;
  return lines.filter((line) => !line.startsWith('a=candidate:') || left-- > 0);
}

/** RFC 9143: one group that holds all of them, so that there is one transport. */
function areBundled(head: readonly string[], mids: readonly string[]): boolean {
  if (mids.length === 1) return true;
  const groups = head
    .filter((line) => line.startsWith('a=group:BUNDLE'))
    .map((line) => new Set(line.split(' ').slice(1)));
  return groups.some((group) => mids.every((mid) => group.has(mid)));
}

function sectionOf(lines: readonly string[]): Section {
  const [, media = '', port = '0'] = /^m=(\S+) (\d+)/.exec(lines[0] ?? '') ?? [];
  const mid = lines.find((line) => line.startsWith('a=mid:'))?.slice('a=mid:'.length) ?? '';
  const offered = Number(port) !== 0 || lines.includes('a=bundle-only');
  // RFC 8866, 6.7: sendrecv unless said.
  const direction = lines.flatMap((line) => DIRECTION.exec(line)?.[1] ?? [])[0] ?? 'sendrecv';
  return { media, lines, mid, offered, direction };
}

function isNameless({ mid }: Section): boolean {
  return !/^[!-~]{1,64}$/.test(mid);
}

/** The session's lines, then those of each media section. */
function blocksOf(sdp: string): string[][] {
  const blocks: string[][] = [[]];
  for (const line of sdp.split(/\r?\n/)) {
    if (line === '') continue;
    if (line.startsWith('m=')) blocks.push([line]);
    else blocks.at(-1)?.push(line);
  }
  return blocks;
}

function refuse(why: string): AgreedOffer {
  return { ok: false, why };
}
