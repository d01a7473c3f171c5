import type { PeerStats } from '../media-link/peer.ts';

/** The fields read of the reports; all of them may be missing. */
interface Report {
  readonly type: string;
  readonly kind?: string;
  readonly timestamp: number;
  readonly nominated?: boolean;
  readonly state?: string;
  readonly currentRoundTripTime?: number;
  readonly fractionLost?: number;
  readonly framesEncoded?: number;
  readonly totalEncodeTime?: number;
}

interface VideoTotals {
  readonly atMs: number;
  readonly frames: number;
  readonly encodeS: number;
}

/** Turns the library's running totals into means between two readings. */
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
    const encodeMs = this.encodeMs(now);
    this.before = now;
    return { roundTripMs, lossRatio, encodeMs };
  }

  private encodeMs(now: VideoTotals | undefined): number | undefined {
    const before = this.before;
    if (!now || !before || now.atMs <= before.atMs) return undefined;
    const frames = now.frames - before.frames;
    return frames > 0 ? ((now.encodeS - before.encodeS) * 1_000) / frames : undefined;
  }
}

function totals(report: Report): VideoTotals {
  return {
    atMs: report.timestamp,
    frames: report.framesEncoded ?? 0,
    encodeS: report.totalEncodeTime ?? 0,
  };
}
