/** The networks one can put between robot and pupil. */
import { GOOD_NETWORK, type NetworkSetting } from '../../messages.ts';
import type { PlainKey } from '../words/dictionaries.ts';

export type NetworkName = 'good' | 'slow' | 'poor' | 'awful';

interface NamedNetwork {
  readonly name: NetworkName;
  readonly word: PlainKey;
  readonly setting: NetworkSetting;
}

export const NETWORKS: readonly NamedNetwork[] = [
  { name: 'good', word: 'networkGood', setting: GOOD_NETWORK },
  { name: 'slow', word: 'networkSlow', setting: { delayMs: 80, lossRatio: 0.02, kbps: 1_500 } },
  { name: 'poor', word: 'networkPoor', setting: { delayMs: 200, lossRatio: 0.05, kbps: 400 } },
  { name: 'awful', word: 'networkAwful', setting: { delayMs: 400, lossRatio: 0.15, kbps: 120 } },
];

/** Undefined for a setting that nobody chose from this list. */
export function networkOf(setting: NetworkSetting): NamedNetwork | undefined {
  return NETWORKS.find(
    ({ setting: one }) =>
      one.delayMs === setting.delayMs &&
      one.lossRatio === setting.lossRatio &&
      one.kbps === setting.kbps,
  );
}
