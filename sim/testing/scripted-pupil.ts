import { DeviceKeys } from '../../agent/client/bindings.ts';
import { memoryStore } from '../../agent/client/key-value-store.ts';
import {
  type OpenTransport,
  openSignalling,
  type SignallingConnection,
} from '../../agent/client/signalling-connection.ts';
import type { SignallingHandshake } from '../../agent/client/signalling-handshake.ts';
import type { Invitation } from '../../agent/wire/invitation.ts';
import { freshPeerId, type Signer } from '../../agent/wire/token.ts';
import type { SimClock } from '../time/sim-clock.ts';
import type { FakeCall, FakeNetwork } from './fake-peer.ts';
import type { FakePupil } from './fake-pupil.ts';
import type { MemoryBroker } from './memory-broker.ts';
import { pump } from './pump.ts';

/** How often a browser's client says that it is alive. */
const ALIVE_MS = 1_000;

interface PupilParts {
  readonly clock: SimClock;
  readonly broker: MemoryBroker;
  readonly network: FakeNetwork;
}

/**
 * A pupil's device in a scenario: the client's own keys, tokens and line to the broker, and a fake
 * media connection. It performs the handshake and joins exactly as the page does, with no shortcut.
 */
export class ScriptedPupil {
  private readonly keys = new DeviceKeys(memoryStore());
  private signer: Signer | undefined;
  private invitation: Invitation | undefined;
  private line: SignallingConnection | undefined;
  private call: FakeCall | undefined;
  private alive = { cancel: (): void => {} };

  constructor(private readonly parts: PupilParts) {}

  /** This pupil's end of the media connection. */
  get remote(): FakePupil {
    if (!this.call) throw new Error('this pupil has not joined');
    return this.call.pupil;
  }

  get connection(): FakeCall {
    if (!this.call) throw new Error('this pupil has not joined');
    return this.call;
  }

  get invited(): Invitation {
    if (!this.invitation) throw new Error('this pupil was never invited');
    return this.invitation;
  }

  async bind(invitation: Invitation): Promise<void> {
    this.signer ??= await this.keys.make();
    this.invitation = invitation;
    const { signer } = this;
    await this.handshake(async (handshake) => {
      await handshake.bind(signer, await handshake.challenge(), invitation.secret);
    });
  }

  /** Rejects with AccessError when the robot refuses. */
  async join(): Promise<void> {
    const call = this.parts.network.call();
    const { signer } = this;
    if (!signer) throw new Error('this pupil was never invited');
    const answer = await this.handshake(async (handshake) => {
      const { challenge } = await handshake.challenge(signer);
      const offer = { challenge, sdp: call.pupil.offerSdp };
      return (await handshake.offer(signer, offer, () => {})).answer();
    });
    this.call = call;
    call.pupil.accept(answer);
    this.alive.cancel();
    const { clock } = this.parts;
    this.alive = clock.every(ALIVE_MS, () =>
      call.pupil.command({ kind: 'alive', sentAtMs: clock.now() }),
    );
    await clock.advance(400);
  }

  /** The tablet's battery is flat: nothing more is sent, no bye either. */
  vanish(): void {
    this.alive.cancel();
    this.connection.cut();
  }

  private async handshake<T>(act: (handshake: SignallingHandshake) => Promise<T>): Promise<T> {
    const { clock } = this.parts;
    const { invitation } = this;
    if (!invitation) throw new Error('this pupil was never invited');
    this.line?.close();
    this.line = await pump(clock, openSignalling(this.transport, clock, invitation, freshPeerId()));
    return pump(clock, act(this.line.handshake));
  }

  private readonly transport: OpenTransport = async ({ peer, topic, receive }) => {
    const client = this.parts.broker.connect(peer);
    await client.subscribe(topic, (_topic, payload) => receive(payload));
    return {
      publish: (to, payload) => client.publish(to, payload),
      close: () => void client.close(),
    };
  };
}
