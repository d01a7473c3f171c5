import { IceServerConfig, type IceServerList } from '../access/ice-servers.ts';
import type { Apply } from './appliers.ts';

/** STUN and TURN servers for both ends, instead of the configured ones. Running calls keep theirs. */
export const turnApplier =
  (list: Pick<IceServerList, 'use'>): Apply<'turn'> =>
  (value) =>
    list.use(
      value && {
        servers: value.servers.map((server) => IceServerConfig.parse(server)),
        policy: value.policy,
      },
    );
