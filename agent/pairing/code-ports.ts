/** Where the content of codes goes. Each port decides by itself whether it believes what it is given. */
import type { WifiNetwork } from '../wire/wifi-code.ts';

/** `refused` is a reason for the log: what was expected, without secrets. */
export type CodeAnswer = 'accepted' | { readonly refused: string };

/**
 * The robot's wireless networks. A network from a code is signed by nobody: it comes from whoever stood
 * at the robot, and may change nothing but the network.
 */
export interface WifiSettings {
  /** `accepted`: it will be tried, and the robot returns to the old one when it does not work. */
  propose(network: WifiNetwork): Promise<CodeAnswer>;
}

/** A whole document (orders: joining, hand-over, timetable). It verifies the signatures. */
export type OnDocument = (text: string) => Promise<CodeAnswer>;

export interface CodePorts {
  readonly wifi: WifiSettings;
  readonly onDocument: OnDocument;
}

/** A robot whose network is set in another way. */
export const noWifi: WifiSettings = {
  propose: async () => ({ refused: 'this robot has no network to be set by a code' }),
};
