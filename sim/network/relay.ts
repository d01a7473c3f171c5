/**
 * The network between robot and pupil: a TURN server that the agent is told to use and nothing
 * else, so that all media and commands cross it and can be made as poor as a school's Wi-Fi.
 * Signalling over the broker does not pass through it.
 */
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import type { Clock } from '../../hal/ports/clock.ts';
import { BadLink, GOOD_NETWORK, type LinkSetting } from './bad-link.ts';
import type { TurnUser } from './turn-allocation.ts';
import { TurnServer } from './turn-server.ts';

export interface IceServer {
  readonly urls: string;
  readonly username: string;
  readonly credential: string;
  readonly for: 'robot' | 'pupils';
}

export class MediaRelay {
  private readonly links: { readonly out: BadLink; readonly in: BadLink };
  private current = GOOD_NETWORK;
  private socket: Socket | undefined;
  private server: TurnServer | undefined;

  constructor(
    private readonly clock: Clock,
    random: () => number = Math.random,
  ) {
    this.links = { out: new BadLink(clock, random), in: new BadLink(clock, random) };
  }

  get setting(): LinkSetting {
    return this.current;
  }

  get counts(): { carried: number; dropped: number } {
    const { out, in: back } = this.links;
    return { carried: out.carried + back.carried, dropped: out.dropped + back.dropped };
  }

  set(setting: LinkSetting): void {
    this.current = setting;
    this.links.out.set(setting);
    this.links.in.set(setting);
  }

  /**
   * Listens on any free port; resolves with what robot and pupils have to know. Both use it, as
   * only so the robot learns where a pupil comes from whose browser hides its addresses (mDNS);
   * what is carried counts once, at the robot's end. `preferred`: the address by which pupils reach
   * this computer, where it is one of its own.
   */
  async open(preferred?: string): Promise<readonly IceServer[]> {
    const address = reachableAddress(preferred);
    const socket = await bound(address);
    this.socket = socket;
    const user = (username: 'robot' | 'pupils', carry: TurnUser['carry']): TurnUser => ({
      ...{ username, credential: randomBytes(18).toString('base64url'), carry },
    });
    const robot = user('robot', (direction, bytes, deliver) =>
      this.links[direction].carry(bytes, deliver),
    );
    const pupils = user('pupils', (_direction, _bytes, deliver) => deliver());
    const { clock } = this;
    const users = [robot, pupils];
    this.server = new TurnServer({ clock, socket, openSocket: () => bound(address), users });
    const urls = `turn:${address}:${socket.address().port}?transport=udp`;
    return [
      { urls, username: robot.username, credential: robot.credential, for: 'robot' },
      { urls, username: pupils.username, credential: pupils.credential, for: 'pupils' },
    ];
  }

  close(): void {
    this.server?.close();
    this.socket?.close();
  }
}

/** WebRTC gathers no loopback addresses when there are others: be where its sockets are. */
function reachableAddress(preferred: string | undefined): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outers = all.filter(({ family, internal }) => family === 'IPv4' && !internal);
  const outer = outers.find(({ address }) => address === preferred) ?? outers[0];
  return outer?.address ?? '127.0.0.1';
}

function bound(address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind(0, address, () => {
      socket.off('error', reject);
      // ICMP "port unreachable" of a peer that has gone.
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}
