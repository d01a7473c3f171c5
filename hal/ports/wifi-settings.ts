/**
 * The computer's Wi-Fi networks, changed so that it cannot be stranded: a trial goes back by itself
 * after a while, also when the process that began it is dead. What was there before, and was not
 * made by this port, is never changed.
 */

interface Named {
  /** 1 to 32 bytes of UTF-8. */
  readonly ssid: string;
  /** Does not announce its name. */
  readonly hidden: boolean;
}

export type WifiNetwork =
  | (Named & { readonly security: 'open' })
  /** `wpa2`: WPA2 or WPA3, as the access point can; `wpa3`: nothing less. */
  | (Named & { readonly security: 'wpa2' | 'wpa3'; readonly passphrase: string })
  | (Named & {
      readonly security: 'eap';
      readonly method: 'peap' | 'ttls' | 'tls';
      readonly identity: string;
      readonly anonymousIdentity?: string;
      readonly password?: string;
      readonly phase2?: 'mschapv2' | 'pap' | 'gtc';
      /** PEM: the authority that the login server's certificate is checked against. */
      readonly ca?: string;
      /** The login server's name ends with it. Without `ca`, the system's authorities count. */
      readonly domain?: string;
      /** No check of the login server: whoever imitates the network is given the password. */
      readonly anyServer?: true;
    });

/** Why a network was not joined. */
export type WifiFailure =
  | 'noDevice'
  | 'notSeen'
  /** Wrong passphrase, or the login was refused. */
  | 'credentials'
  | 'noAddress'
  /** No way to check the login server, or a method that the computer lacks the means for. */
  | 'unsupported'
  | 'failed';

export type WifiJoined = { readonly ok: true } | { readonly ok: false; readonly why: WifiFailure };

/** Names a trial, also for a process that is started later. */
export type WifiTrial = string;

/** A network made by this port. */
export interface KnownWifi {
  readonly ssid: string;
  /** Of the trial that made it. */
  readonly tag: string;
  /** It is on disk, and joined by itself. */
  readonly kept: boolean;
}

/** Each call may reject, with a message for people, when the service does not answer. */
export interface WifiSettings {
  /** False where nothing can be set; every call but `known` and `close` rejects. */
  readonly present: boolean;
  known(): Promise<readonly KnownWifi[]>;
  /**
   * Begins a trial of `networks`, best first; nothing is joined yet. Everything goes back to what is
   * now after `seconds`, unless `confirm` comes before. `tag`: 1 to 16 digits, of which no other
   * network is known. Rejects when another trial is under way, or when `networks` is empty and one
   * made by this port carries the traffic.
   */
  begin(networks: readonly WifiNetwork[], tag: string, seconds: number): Promise<WifiTrial>;
  /** Joins one of the trial's networks; from now on the trial lasts for `seconds` again. */
  join(trial: WifiTrial, network: WifiNetwork, seconds: number): Promise<WifiJoined>;
  /** Whether a captive portal stands before the network that is joined. */
  behindPortal(): Promise<boolean>;
  /**
   * Keeps the trial's networks and forgets all others that this port made. May be repeated, also
   * after a restart. When it rejects, nothing of before has been forgotten.
   */
  confirm(trial: WifiTrial, networks: readonly WifiNetwork[]): Promise<void>;
  /** Back to what was before. May be repeated; resolves also when the trial is over already. */
  rollback(trial: WifiTrial): Promise<void>;
  close(): Promise<void>;
}
