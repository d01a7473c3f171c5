import type { Clock } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import { silentLog } from '../../hal/ports/log.ts';
import type { Storage } from '../../hal/ports/storage.ts';
import { Agent } from '../agent.ts';
import type { AgentParts } from '../groups.ts';
import type { OfferReply } from '../model/offer.ts';
import { sureTime } from '../time/testing/fake-time.ts';
import { FakeBroker } from './fake-broker.ts';
import { FakeCodePorts } from './fake-code-ports.ts';
import { FakeFirmware } from './fake-firmware.ts';
import { FakeMedia } from './fake-media.ts';
import { type FakePeer, fakePeers } from './fake-peer.ts';
import { directPipe, JoinedMedia } from './joined-media.ts';

export const ROBOT = 'robot-7';
export const ANNA = { device: 'a'.repeat(43), peer: '1'.repeat(32) };
export const BEN = { device: 'b'.repeat(43), peer: '2'.repeat(32) };

/** A whole agent between fakes. Pupils reach the session directly, without signatures. */
export class TestAgent {
  readonly broker = new FakeBroker();
  readonly media = new FakeMedia();
  readonly codes = new FakeCodePorts();
  readonly joined: JoinedMedia;
  readonly firmware: FakeFirmware;
  readonly agent: Agent;
  private readonly opened = fakePeers();
  private ids = 0;

  constructor(
    clock: Clock,
    storage: Storage,
    log: Log = silentLog,
    time = sureTime(clock, storage, log),
    orders: Pick<AgentParts, 'fleet' | 'orderPorts'> = {},
  ) {
    this.firmware = new FakeFirmware(clock);
    this.joined = new JoinedMedia({
      ...{ clock, log, hardware: this.media, openPeer: this.opened.open },
      pipe: directPipe,
    });
    const media = this.joined.remote;
    this.agent = new Agent({
      robot: ROBOT,
      version: '0.0.0',
      ...{ clock, log, storage },
      openBroker: this.broker.open,
      media,
      openPeer: media.openPeer,
      codes: this.codes,
      connectBody: this.firmware.connect,
      random: () => 0.5,
      newId: () => (this.ids++).toString(16).padStart(32, '0'),
      time,
      ...{
        brokerForPupils: 'wss://broker.example/mqtt',
        page: 'https://pupil.example/',
        ...orders,
      },
    });
  }

  get peers(): FakePeer[] {
    return this.opened.peers;
  }

  /** The newest connection. */
  get peer(): FakePeer {
    const peer = this.peers.at(-1);
    if (!peer) throw new Error('no pupil has come yet');
    return peer;
  }

  offer(who: { device: string; peer: string } = ANNA, sdp = 'v=0'): Promise<OfferReply> {
    return this.agent.session.offer(who, sdp);
  }
}
