import type { PeerStats } from '../media-link/peer.ts';

/** The fields read of the reports; all of them may be missing. */
interface Report {
  readonly type: string;
  readonly kind?: string;
  readonly timestamp: number;
  readonly nominated?: boolean;
  readonly state?: string;
  readonly currentRoundTripTime?: number;
  readonly bytesSent?: number;
  readonly fractionLost?: number;
  readonly framesEncoded?: number;
  readonly totalEncodeTime?: number;
}

interface VideoTotals {
  readonly atMs: number;
  readonly bytes: number;
  readonly frames: number;
  readonly encodeS: number;
}

/** Turns the library's running totals into rates between two readings. */
export class StatsReader {
  private before: VideoTotals | undefined;

  read(reports: Iterable<Report>): PeerStats {
    let roundTripMs: number | undefined;
    let lossRatio: number | undefined;
    let now: VideoTotals | undefined;
    for (const report of reports) {
      if (report.type === 'candidate-pair' && report.nominated && report.state === 'succeeded')
        roundTripMs = (report.currentRoundTripTime ?? 0) * 1_000;
      if (report.kind !== 'video') continue;
      if (report.type === 'remote-inbound-rtp') lossRatio = report.fractionLost;
      if (report.type === 'outbound-rtp') now = totals(report);
    }
    const rates = this.rates(now);
    this.before = now;
    return { roundTripMs, lossRatio, ...rates };
  }

  private rates(now: VideoTotals | undefined): Pick<PeerStats, 'videoBitrateBps' | 'encodeMs'> {
    const before = this.before;
    if (!now || !before || now.atMs <= before.atMs)
      return { videoBitrateBps: undefined, encodeMs: undefined };
    const frames = now.frames - before.frames;
    return {
      videoBitrateBps: ((now.bytes - before.bytes) * 8_000) / (now.atMs - before.atMs),
      encodeMs: frames > 0 ? ((now.encodeS - before.encodeS) * 1_000) / frames : undefined,
    };
  }
}

function totals(report: Report): VideoTotals {
  return {
    atMs: report.timestamp,
    bytes: report.bytesSent ?? 0,
    frames: report.framesEncoded ?? 0,
    encodeS: report.totalEncodeTime ?? 0,
  };
}
