/**
 * The robot's network connection, for diagnosis: read only. A service that does not answer is a
 * state, not an error.
 */
export interface Network {
  readonly present: boolean;
  /** The latest known state, without waiting; `unknownNetwork` until something is known. */
  read(): NetworkState;
  /** Reports each change of the state, at most a few per second. Returns a function that unsubscribes. */
  onChange(listener: (state: NetworkState) => void): () => void;
  close(): Promise<void>;
}

export interface NetworkState {
  /** Result of the system's own connectivity check; `portal`: a captive portal asks for a login. */
  readonly connectivity: 'full' | 'limited' | 'portal' | 'none' | 'unknown';
  /** The connection that has the default route. */
  readonly primary: PrimaryConnection | null;
  /** The access point that is joined. */
  readonly wifi: WifiState | null;
  readonly modem: ModemState | null;
}

export interface PrimaryConnection {
  readonly kind: 'wifi' | 'ethernet' | 'modem' | 'other';
  /** Its name in the system's settings. */
  readonly name: string;
  /** With its prefix, `192.168.1.20/24`. */
  readonly address: string | null;
  readonly gateway: string | null;
}

export interface WifiState {
  /** Invalid UTF-8 is replaced; empty for a hidden SSID. */
  readonly ssid: string;
  /** 0..100 */
  readonly signalPercent: number;
  readonly frequencyMhz: number;
  /** The network authenticates users by 802.1X (WPA Enterprise). */
  readonly enterprise: boolean;
}

export interface ModemState {
  readonly registration: 'home' | 'roaming' | 'searching' | 'denied' | 'idle' | 'unknown';
  readonly technology: '5g' | '4g' | '3g' | '2g' | 'unknown';
  /** 0..100 */
  readonly signalPercent: number;
  readonly operator: string;
}

/** The services are missing, not yet up, or not answering. */
export const unknownNetwork: NetworkState = {
  connectivity: 'unknown',
  primary: null,
  wifi: null,
  modem: null,
};
