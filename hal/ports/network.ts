/**
 * How this robot is connected, for people who ask why it is not: read, never changed. A service
 * that does not answer is a state, not an error.
 */
export interface Network {
  readonly present: boolean;
  /** The newest state, at once; `unknownNetwork` until something is known. */
  read(): NetworkState;
  /** Tells each change of the state, at most a few a second. Returns a function that ends it. */
  onChange(listener: (state: NetworkState) => void): () => void;
  close(): Promise<void>;
}

export interface NetworkState {
  /** What the system's own check of the internet says; `portal` wants somebody to log in. */
  readonly connectivity: 'full' | 'limited' | 'portal' | 'none' | 'unknown';
  /** What carries the default route. */
  readonly primary: PrimaryConnection | null;
  /** The access point that is joined. */
  readonly wifi: WifiState | null;
  readonly modem: ModemState | null;
}

export interface PrimaryConnection {
  readonly kind: 'wifi' | 'ethernet' | 'modem' | 'other';
  /** As the system's settings name it. */
  readonly name: string;
  /** With its prefix, `192.168.1.20/24`. */
  readonly address: string | null;
  readonly gateway: string | null;
}

export interface WifiState {
  /** Bytes that are no UTF-8 are replaced; a hidden name is empty. */
  readonly ssid: string;
  /** 0..100 */
  readonly signalPercent: number;
  readonly frequencyMhz: number;
  /** The network asks for a user by 802.1X (WPA Enterprise). */
  readonly enterprise: boolean;
}

export interface ModemState {
  readonly registration: 'home' | 'roaming' | 'searching' | 'denied' | 'idle' | 'unknown';
  readonly technology: '5g' | '4g' | '3g' | '2g' | 'unknown';
  /** 0..100 */
  readonly signalPercent: number;
  readonly operator: string;
}

/** Nobody knows: the services are not there, not yet, or not at the moment. */
export const unknownNetwork: NetworkState = {
  connectivity: 'unknown',
  primary: null,
  wifi: null,
  modem: null,
};
