import type { ModemState, NetworkState, WifiState } from '../../../../hal/ports/network.ts';
import { type Finding, ok, type Phrase, phrase, warning } from '../check.ts';

/** Below this, video begins to stutter in a room with many other devices. */
const WEAK_PERCENT = 40;

/** State of Wi-Fi and modem; empty where there is none. */
export function ofRadio(state: NetworkState): Finding[] {
  return Object.values(found(state)).filter((one) => one !== undefined);
}

/** The same in a line each; also for an absent device or an unknown state. */
export function ofRadioBriefly(state: NetworkState): { wifi: Finding; modem: Finding } {
  const { connectivity, primary, wifi: joined } = state;
  const known = connectivity !== 'unknown' || primary !== null || joined !== null;
  const { wifi, modem } = found(state);
  const unknown = ok('briefUnknown');
  return {
    wifi: wifi ? { ...wifi, key: 'briefWifi' } : known ? ok('briefWifiOut') : unknown,
    modem: modem ? { ...modem, key: briefModemKey(modem) } : known ? ok('briefNone') : unknown,
  };
}

const briefModemKey = ({ key }: Finding): 'briefModem' | 'briefModemOut' =>
  key === 'networkModem' || key === 'networkModemWeak' ? 'briefModem' : 'briefModemOut';

interface Found {
  readonly wifi: Finding | undefined;
  readonly modem: Finding | undefined;
}

function found({ primary, wifi, modem }: NetworkState): Found {
  const kind = primary?.kind;
  return {
    wifi: wifi ? ofWifi(wifi, kind !== 'ethernet') : undefined,
    modem: modem ? ofModem(modem, kind !== 'ethernet' && kind !== 'wifi') : undefined,
  };
}

/** `matters`: the robot's traffic may use this interface. */
function ofWifi({ ssid, signalPercent, frequencyMhz, enterprise }: WifiState, matters: boolean) {
  const values = {
    name: ssid || phrase('wifiHidden'),
    percent: Math.round(signalPercent),
    band: bandOf(frequencyMhz),
    security: phrase(enterprise ? 'wifiEnterprise' : 'wifiPersonal'),
  };
  return matters && signalPercent < WEAK_PERCENT
    ? warning('networkWifiWeak', values)
    : ok('networkWifi', values);
}

/** Channels of IEEE 802.11: 2.4 GHz to 2484 MHz, 5 GHz to 5895, 6 GHz from 5935. */
function bandOf(mhz: number): Phrase {
  if (mhz >= 2_400 && mhz < 2_500) return phrase('wifiBand24');
  if (mhz >= 4_900 && mhz < 5_925) return phrase('wifiBand5');
  return phrase(mhz >= 5_925 && mhz < 7_200 ? 'wifiBand6' : 'wifiBandOther');
}

const REGISTRATION = {
  home: 'modemHome',
  roaming: 'modemRoaming',
  searching: 'modemSearching',
  denied: 'modemDenied',
  idle: 'modemIdle',
  unknown: 'modemUnknown',
} as const;
const TECHNOLOGY = { '5g': '5G', '4g': '4G', '3g': '3G', '2g': '2G' } as const;

function ofModem(
  { registration, technology, signalPercent, operator }: ModemState,
  matters: boolean,
): Finding {
  const state = phrase(REGISTRATION[registration]);
  if (registration !== 'home' && registration !== 'roaming')
    return (matters ? warning : ok)(matters ? 'networkModemOut' : 'networkModemSpare', { state });
  const values = {
    operator: operator || phrase('modemNameless'),
    technology: technology === 'unknown' ? phrase('modemTechnology') : TECHNOLOGY[technology],
    percent: Math.round(signalPercent),
    state,
  };
  return matters && signalPercent < WEAK_PERCENT
    ? warning('networkModemWeak', values)
    : ok('networkModem', values);
}
