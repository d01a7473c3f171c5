import { messageOf } from '../../hal/common/errors.ts';
import type { Clock, Timer } from '../../hal/ports/clock.ts';
import type { Log } from '../../hal/ports/log.ts';
import type { WifiNetwork, WifiSettings, WifiTrial } from '../../hal/ports/wifi-settings.ts';
import {
  noChange,
  step,
  TRIAL_S,
  type WifiChange,
  type WifiEffect,
  type WifiEvent,
} from './wifi-change.ts';

/** Pause between two attempts to reach the broker. */
const PROBE_MS = 2_000;

export interface WifiChangerParts {
  readonly wifi: WifiSettings;
  readonly clock: Clock;
  readonly log: Log;
  /** Resolves when the broker has acknowledged something sent now. */
  readonly probe: () => Promise<void>;
  /** Resolves with true when the disk knows of the trial, so that a restart can find out about it. */
  readonly onBegun: (trial: WifiTrial) => Promise<boolean>;
  readonly onConfirmed: () => void;
  readonly onRejected: (reason: string) => void;
}

type Acts = {
  readonly [K in WifiEffect['do']]: (effect: Extract<WifiEffect, { do: K }>) => void;
};

/** Owner of a change of the Wi-Fi networks: performs its effects. */
export class WifiChanger {
  private state: WifiChange = noChange;
  private networks: readonly WifiNetwork[] = [];
  private inClass = false;
  private timer: Timer | undefined;
  private probing: Timer | undefined;
  private stopped = false;

  constructor(private readonly parts: WifiChangerParts) {}

  /** Replaces one that is still waiting for the end of a lesson; one that has begun goes on. */
  start(version: number, networks: readonly WifiNetwork[]): void {
    if (this.state.name !== 'idle' && this.state.name !== 'waiting') return;
    this.networks = networks;
    const ssids = networks.map(({ ssid }) => ssid);
    this.on({ type: 'start', job: { version, ssids }, inClass: this.inClass });
  }

  /** Whether a pupil is in class: nothing is tried meanwhile. */
  follow(inClass: boolean): void {
    if (inClass === this.inClass) return;
    this.inClass = inClass;
    this.on({ type: 'class', inClass });
  }

  /**
   * After a restart in the middle of a trial. Its networks are kept once the broker was reached
   * over one of them: then the rest of that is done. Otherwise everything is as before.
   */
  async resume(version: number, networks: readonly WifiNetwork[], trial: WifiTrial): Promise<void> {
    const { wifi, onConfirmed, onRejected, log } = this.parts;
    try {
      const known = await wifi.known();
      const kept = known.filter((one) => one.kept && one.tag === String(version));
      const isKept = ({ ssid }: WifiNetwork): boolean => kept.some((one) => one.ssid === ssid);
      if (networks.length > 0 && networks.every(isKept)) {
        await wifi.confirm(trial, networks);
        return onConfirmed();
      }
      await wifi.rollback(trial);
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'a trial of the network is left to end by itself');
    }
    onRejected('the robot was restarted while it tried: push it again');
  }

  /** What is under way ends by itself. */
  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
    this.probing?.cancel();
  }

  private on(event: WifiEvent): void {
    if (this.stopped) return;
    const from = this.state;
    const { state, effects } = step(from, event);
    if (state === from) return;
    this.state = state;
    const transition = { machine: 'wifi', from: from.name, event: event.type, to: state.name };
    this.parts.log.info(transition, 'transition');
    if (state.name !== 'reaching' && state.name !== 'explaining') this.probing?.cancel();
    for (const effect of effects) this.perform(effect);
  }

  private readonly acts: Acts = {
    begin: ({ version }) => this.asked(this.begin(version)),
    join: ({ trial, index }) => this.asked(this.join(trial, index)),
    probe: () => this.probe(),
    arm: ({ ms }) => {
      this.timer?.cancel();
      this.timer = this.parts.clock.after(ms, () => this.on({ type: 'timeout' }));
    },
    disarm: () => {
      this.timer?.cancel();
    },
    explain: () =>
      this.asked(
        this.parts.wifi.behindPortal().then((portal) => ({ type: 'explained', portal }) as const),
      ),
    confirm: ({ trial }) =>
      this.asked(
        this.parts.wifi.confirm(trial, this.networks).then(() => ({ type: 'kept' }) as const),
      ),
    rollback: ({ trial }) =>
      this.asked(this.parts.wifi.rollback(trial).then(() => ({ type: 'returned' }) as const)),
    confirmed: () => this.parts.onConfirmed(),
    rejected: ({ reason }) => this.parts.onRejected(reason),
  };

  private perform<K extends WifiEffect['do']>(effect: Extract<WifiEffect, { do: K }>): void {
    const act: Acts[K] = this.acts[effect.do as K];
    act(effect);
  }

  /** An answer that comes after its state is over has no effect: each event belongs to one state. */
  private asked(answer: Promise<WifiEvent>): void {
    const { state } = this;
    answer
      .catch((error: unknown) => ({ type: 'failed', reason: messageOf(error) }) as const)
      .then((event) => {
        if (this.state === state) this.on(event);
      });
  }

  private async begin(version: number): Promise<WifiEvent> {
    const { wifi, onBegun } = this.parts;
    const trial = await wifi.begin(this.networks, String(version), TRIAL_S);
    if (await onBegun(trial)) return { type: 'begun', trial };
    await wifi.rollback(trial);
    return { type: 'failed', reason: 'notWritten: the disk refused, nothing has changed' };
  }

  private async join(trial: WifiTrial, index: number): Promise<WifiEvent> {
    const network = this.networks[index];
    if (!network) return { type: 'notJoined', why: 'failed' };
    const joined = await this.parts.wifi.join(trial, network, TRIAL_S);
    return joined.ok ? { type: 'joined' } : { type: 'notJoined', why: joined.why };
  }

  /**
   * Until the broker acknowledges. An acknowledgement after joining has come by the networks of
   * now; what was sent before over the old one is never acknowledged.
   */
  private probe(): void {
    const { state } = this;
    const { clock, probe } = this.parts;
    probe().then(
      () => {
        if (this.isReaching(state)) this.on({ type: 'reached' });
      },
      () => {
        if (!this.isReaching(state)) return;
        this.probing = clock.after(PROBE_MS, () => this.probe());
      },
    );
  }

  /** Still the same network's turn. */
  private isReaching(asked: WifiChange): boolean {
    const { state } = this;
    return (
      (state.name === 'reaching' || state.name === 'explaining') &&
      (asked.name === 'reaching' || asked.name === 'explaining') &&
      asked.index === state.index
    );
  }
}
