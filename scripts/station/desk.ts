import {
  type AdminClient,
  AdminClientError,
  type AgentStatus,
} from '../../agent/access/admin-client.ts';

import type { SimBroker } from '../../agent/host/broker.ts';
import type { InvitationDesk } from '../../agent/host/invitations.ts';
import type { StationStatus } from '../../agent/pages/station/messages.ts';
import type { WebServerParts } from '../../agent/web/web-server.ts';
import { StateMessage } from '../../agent/wire/fleet.ts';
import { jsonOf } from '../../hal/common/json.ts';
import type { Clock } from '../../hal/ports/clock.ts';
import type { DeviceWatch } from './devices.ts';
import type { PauseDesk } from './pause-desk.ts';

interface StationDeskParts {
  readonly clock: Clock;
  readonly broker: SimBroker;
  readonly admin: Pick<AdminClient, 'status'>;
  readonly devices: DeviceWatch;
  readonly robot: string;
  readonly board: string;
  readonly open: boolean;
  /** The page can pause the lesson. */
  readonly pausable: boolean;
}

const AWAY: ReadonlySet<string> = new Set(['init', 'lost', 'disconnected']);

/** The station's status, for the person beside it. */
export class StationDesk {
  private life: string | null = null;
  private wasReady = false;
  private whenReady: (() => void)[] = [];

  constructor(private readonly parts: StationDeskParts) {
    parts.broker.onState((payload) => this.hear(payload));
  }

  /** Resolves when the station has announced itself at its broker; rejects after `ms`. */
  ready(ms: number): Promise<void> {
    if (this.wasReady) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = this.parts.clock.after(ms, () =>
        reject(new Error(`the station did not report within ${ms / 1000} s`)),
      );
      this.whenReady.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  async status(): Promise<StationStatus> {
    const { robot, board, open, pausable, devices } = this.parts;
    const agent = await this.agentStatus();
    const { camera, sound } = await devices.now(agent);
    const { life } = this;
    const paused = agent?.health.body?.paused ?? null;
    return { kind: 'station', robot, board, life, paused, pausable, camera, sound, open };
  }

  private async agentStatus(): Promise<AgentStatus | undefined> {
    try {
      return await this.parts.admin.status();
    } catch (error) {
      if (error instanceof AdminClientError) return undefined;
      throw error;
    }
  }

  private hear(payload: string): void {
    const told = StateMessage.safeParse(jsonOf(payload)).data;
    if (!told) return;
    this.life = told.state;
    if (AWAY.has(told.state)) return;
    this.wasReady = true;
    for (const resolve of this.whenReady.splice(0)) resolve();
  }
}

interface ApiParts {
  readonly desk: Pick<StationDesk, 'status'>;
  readonly invitations: Pick<InvitationDesk, 'answer'>;
  /** Undefined: the board has a teacher's button of its own. */
  readonly pause: Pick<PauseDesk, 'answer'> | undefined;
}

/** API of the page for the person beside the station; on this computer only (compose.ts). */
export function stationApi({ desk, invitations, pause }: ApiParts): WebServerParts['api'] {
  return {
    'GET /api/status': async () => ({ status: 200, body: await desk.status() }),
    'GET /api/invitation': () => invitations.answer('current'),
    'POST /api/invitation': () => invitations.answer('new'),
    ...(pause && {
      'POST /api/pause': () => pause.answer(true),
      'POST /api/go-on': () => pause.answer(false),
    }),
  };
}
