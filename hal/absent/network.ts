import { type Network, unknownNetwork } from '../ports/network.ts';

/** A machine whose network nobody looks after. */
export function openAbsentNetwork(): Network {
  return {
    present: false,
    read: () => unknownNetwork,
    onChange: () => () => {},
    close: async () => {},
  };
}
