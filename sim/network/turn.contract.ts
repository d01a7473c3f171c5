/**
 * What a TURN server does and refuses (RFC 8656), whichever it is: the simulator's own in everyday
 * tests, coturn in `make servers-test`. It listens on 127.0.0.1 and may lead there.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Address, ATTRIBUTE, METHOD } from './stun.ts';
import {
  byUdp,
  type Credentials,
  codeOf,
  OVER_UDP,
  Packets,
  relayedOf,
  TurnClient,
} from './testing/turn-client.ts';

interface TurnBench {
  readonly port: number;
  readonly credentials: Credentials;
  /** Lets so much time pass that a permission is over. */
  readonly outlivePermission: () => Promise<void>;
}

/** A host at an address of its own. */
class Peer {
  private readonly packets = new Packets();

  private constructor(private readonly socket: Socket) {
    socket.on('message', (packet) => this.packets.put(packet));
  }

  static async at(address: string): Promise<Peer> {
    const socket = createSocket('udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    return new Peer(socket);
  }

  get address(): Address {
    const { address, port } = this.socket.address();
    return { address, port };
  }

  say(text: string, to: Address): void {
    this.socket.send(text, to.port, to.address);
  }

  async hear(): Promise<string> {
    return (await this.packets.next()).toString();
  }

  close(): void {
    this.socket.close();
  }
}

const CHANNEL = 0x4001;

export function turnContract(bench: () => TurnBench): void {
  const left: { close(): void }[] = [];
  let client: TurnClient;
  let friend: Peer;
  let stranger: Peer;

  const connected = (password?: string): TurnClient => {
    const { port, credentials } = bench();
    const way = byUdp(port);
    left.push(way);
    return new TurnClient(way, { ...credentials, ...(password && { credential: password }) });
  };

  beforeEach(async () => {
    client = connected();
    friend = await Peer.at('127.0.0.1');
    stranger = await Peer.at('127.0.0.2');
    left.push(friend, stranger);
  });

  afterEach(() => {
    for (const one of left.splice(0)) one.close();
  });

  describe('permissions', () => {
    let relayed: Address;

    beforeEach(async () => {
      relayed = relayedOf(await client.allocate());
    });

    it('let packets through both ways, and nobody else’s', async () => {
      expect(codeOf(await client.permit(friend.address))).toBe('success');
      stranger.say('let me in', relayed);
      friend.say('hello', relayed);
      expect(await client.hear()).toEqual({ text: 'hello', port: friend.address.port });
      client.sendTo(friend.address, 'good day');
      expect(await friend.hear()).toBe('good day');
    });

    it('are asked before a Send indication leaves, too', async () => {
      client.sendTo(stranger.address, 'too early');
      expect(codeOf(await client.permit(stranger.address))).toBe('success');
      client.sendTo(stranger.address, 'in time');
      expect(await stranger.hear()).toBe('in time');
    });

    it('are for an address with all its ports', async () => {
      const neighbour = await Peer.at('127.0.0.1');
      left.push(neighbour);
      await client.permit(friend.address);
      neighbour.say('next door', relayed);
      expect(await client.hear()).toEqual({ text: 'next door', port: neighbour.address.port });
    });

    it('may be asked for several at once', async () => {
      expect(codeOf(await client.permit(friend.address, stranger.address))).toBe('success');
      stranger.say('me too', relayed);
      expect(await client.hear()).toEqual({ text: 'me too', port: stranger.address.port });
    });

    it('come with a channel, by which packets then travel', async () => {
      expect(codeOf(await client.bind(CHANNEL, stranger.address))).toBe('success');
      stranger.say('let in', relayed);
      expect(await client.hear()).toEqual({ text: 'let in', channel: CHANNEL });
      client.sendBy(CHANNEL, 'briefly');
      expect(await stranger.hear()).toBe('briefly');
    });

    it('end when they are not refreshed', async () => {
      await client.permit(friend.address);
      await client.permit(stranger.address);
      await bench().outlivePermission();
      await client.permit(friend.address);
      stranger.say('still there?', relayed);
      friend.say('hello', relayed);
      expect(await client.hear()).toEqual({ text: 'hello', port: friend.address.port });
      client.sendTo(stranger.address, 'too late');
      await client.permit(stranger.address);
      client.sendTo(stranger.address, 'again');
      expect(await stranger.hear()).toBe('again');
    });
  });

  describe('is refused', () => {
    it('who has no password, or a wrong one', async () => {
      expect(codeOf(await client.ask(METHOD.allocate, OVER_UDP, false))).toBe(401);
      expect(codeOf(await connected('guess').allocate())).toBe(401);
    });

    it('a nonce that is not the relay’s', async () => {
      await client.allocate();
      client.nonce = 'invented';
      expect(codeOf(await client.permit(friend.address))).toBe(438);
    });

    it('an allocation of another transport, of none, or a second one', async () => {
      await client.ask(METHOD.allocate, OVER_UDP, false);
      const over = (protocol: number) => [
        [ATTRIBUTE.requestedTransport, protocol * 2 ** 24] as const,
      ];
      expect(codeOf(await client.ask(METHOD.allocate))).toBe(400);
      // coturn finds the request bad as a whole.
      expect([400, 442]).toContain(codeOf(await client.ask(METHOD.allocate, over(132))));
      expect(codeOf(await client.ask(METHOD.allocate, OVER_UDP))).toBe('success');
      expect(codeOf(await client.ask(METHOD.allocate, OVER_UDP))).toBe(437);
    });

    it('whatever needs an allocation that is not there', async () => {
      await client.ask(METHOD.allocate, OVER_UDP, false);
      expect(codeOf(await client.ask(METHOD.refresh))).toBe(437);
      expect([400, 437]).toContain(codeOf(await client.permit(friend.address)));
      expect([400, 437]).toContain(codeOf(await client.bind(CHANNEL, friend.address)));
    });

    it('a permission for nobody, or for an address that is none', async () => {
      await client.allocate();
      expect(codeOf(await client.permit())).toBe(400);
      for (const address of ['0.0.0.0', '224.0.0.251', '255.255.255.255'])
        expect([address, codeOf(await client.permit({ address, port: 9 }))]).toEqual([
          address,
          403,
        ]);
    });

    it('a channel out of range, or with another end than it has', async () => {
      await client.allocate();
      expect(codeOf(await client.bind(0x3fff, friend.address))).toBe(400);
      expect(codeOf(await client.bind(0x8000, friend.address))).toBe(400);
      expect(codeOf(await client.bind(CHANNEL, friend.address))).toBe('success');
      expect(codeOf(await client.bind(CHANNEL, friend.address))).toBe('success');
      expect(codeOf(await client.bind(CHANNEL, stranger.address))).toBe(400);
      expect(codeOf(await client.bind(CHANNEL + 1, friend.address))).toBe(400);
      const peer = [[ATTRIBUTE.xorPeerAddress, friend.address]] as const;
      expect(codeOf(await client.ask(METHOD.channelBind, peer))).toBe(400);
    });

    it('what it does not understand and must', async () => {
      await client.allocate();
      expect(codeOf(await client.ask(METHOD.refresh, [[0x7abc, 'new']]))).toBe(420);
    });
  });
}
