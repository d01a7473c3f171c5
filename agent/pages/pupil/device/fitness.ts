import type { KeyValueStore } from '../../../client/key-value-store.ts';

/** Why a browser cannot bring a pupil to class at all, found out before an invitation is used up. */
export type Unfit =
  /** Without TLS a browser grants neither microphone nor keys. */
  | 'insecure'
  /** No WebRTC: too old, a browser inside another app, or switched off. */
  | 'noCalls'
  /** Nothing can be kept: storage is closed to the page, or full. */
  | 'noStorage';

type Parts = Pick<Window, 'isSecureContext'> & { readonly RTCPeerConnection?: unknown };

const PROBE = 'probe';

/** What is missing in this browser, worst first; undefined when nothing is. Never rejects. */
export async function unfitness(page: Parts, store: KeyValueStore): Promise<Unfit | undefined> {
  if (!page.isSecureContext) return 'insecure';
  if (page.RTCPeerConnection === undefined) return 'noCalls';
  try {
    await store.put(PROBE, true);
    await store.remove(PROBE);
  } catch {
    return 'noStorage';
  }
  return undefined;
}
