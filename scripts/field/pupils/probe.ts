/**
 * The rig's probe in a page: when the pupil pressed, when pictures were shown, and their network
 * path. Injected before the page's own scripts; independent of them.
 */

/** One end of media's path (RFC 8445; W3C webrtc-stats). */
export interface End {
  readonly type: string;
  readonly protocol: string;
  /** How the relay itself is reached, of an end of type `relay` that is ours. */
  readonly relayProtocol: string | undefined;
  readonly address: string | undefined;
}

export interface Way {
  readonly local: End;
  readonly remote: End;
}

export interface Seen {
  /** `data-screen` of the page. */
  readonly screen: string;
  /** The page's message when the lesson is over or did not begin. */
  readonly words: string;
  /** From the press to the first picture, and until now, milliseconds. */
  readonly firstPictureMs: number | undefined;
  readonly sincePressMs: number | undefined;
  /** Connections that were made since the press: one, unless it did not open. */
  readonly calls: number;
  readonly frames: number;
  readonly sinceFrameMs: number | undefined;
  /** Between two frames, since the last reset. */
  readonly longestGapMs: number;
}

interface Notes {
  readonly peers: RTCPeerConnection[];
  peersBefore: number;
  pressedAt: number | undefined;
  firstAt: number | undefined;
  lastAt: number | undefined;
  frames: number;
  longestGap: number;
}

declare global {
  interface Window {
    fieldNotes?: Notes;
  }
}

/** Runs in the page, before its own scripts. */
export function probe(): void {
  const notes: Notes = {
    peers: [],
    peersBefore: 0,
    pressedAt: undefined,
    firstAt: undefined,
    lastAt: undefined,
    frames: 0,
    longestGap: 0,
  };
  window.fieldNotes = notes;
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      notes.peers.push(this);
    }
  };
  const count = (video: HTMLVideoElement) => (): void => {
    const now = performance.now();
    if (notes.lastAt !== undefined)
      notes.longestGap = Math.max(notes.longestGap, now - notes.lastAt);
    notes.firstAt ??= now;
    notes.lastAt = now;
    notes.frames += 1;
    video.requestVideoFrameCallback(count(video));
  };
  const watched = new WeakSet<HTMLVideoElement>();
  const watch = (): void => {
    const video = document.querySelector('video');
    if (video?.srcObject && !watched.has(video)) {
      watched.add(video);
      video.requestVideoFrameCallback(count(video));
    }
    setTimeout(watch, 5);
  };
  document.addEventListener(
    'click',
    ({ target }) => {
      if (!(target instanceof Element) || !target.closest('#go, #go-listening, #again')) return;
      Object.assign(notes, { pressedAt: performance.now(), firstAt: undefined, lastAt: undefined });
      Object.assign(notes, { frames: 0, longestGap: 0, peersBefore: notes.peers.length });
    },
    true,
  );
  watch();
}

/** Runs in the page. */
export function look(): Seen {
  const notes = window.fieldNotes;
  const now = performance.now();
  const since = (at: number | undefined) => (at === undefined ? undefined : now - at);
  const { pressedAt, firstAt, lastAt, frames = 0, longestGap = 0 } = notes ?? {};
  return {
    screen: document.documentElement.dataset.screen ?? '',
    words: document.querySelector('h1')?.textContent ?? '',
    firstPictureMs:
      pressedAt === undefined || firstAt === undefined ? undefined : firstAt - pressedAt,
    sincePressMs: since(pressedAt),
    calls: (notes?.peers.length ?? 0) - (notes?.peersBefore ?? 0),
    frames,
    sinceFrameMs: since(lastAt),
    longestGapMs: Math.max(longestGap, since(lastAt) ?? 0),
  };
}

/** Runs in the page: resets the gaps. */
export function forgetGaps(): void {
  if (window.fieldNotes)
    Object.assign(window.fieldNotes, { longestGap: 0, lastAt: performance.now() });
}

/** Runs in the page: the path of the open connection, or undefined. */
export async function way(): Promise<Way | undefined> {
  const peers = window.fieldNotes?.peers ?? [];
  const peer = [...peers].reverse().find((one) => one.connectionState === 'connected');
  if (!peer) return undefined;
  const all = [...(await peer.getStats()).values()];
  const transport = all.find(({ type }) => type === 'transport');
  const pair =
    all.find(({ id }) => id === transport?.selectedCandidatePairId) ??
    all.find((one) => one.type === 'candidate-pair' && one.selected) ??
    all.find((one) => one.type === 'candidate-pair' && one.nominated && one.state === 'succeeded');
  const end = (id: string): End | undefined => {
    const one = all.find((other) => other.id === id);
    return (
      one && {
        type: one.candidateType,
        protocol: one.protocol,
        relayProtocol: one.relayProtocol,
        address: one.address,
      }
    );
  };
  const [local, remote] = [pair && end(pair.localCandidateId), pair && end(pair.remoteCandidateId)];
  return local && remote ? { local, remote } : undefined;
}
