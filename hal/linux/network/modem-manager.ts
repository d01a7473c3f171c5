import { z } from 'zod';
import type { ModemState } from '../../ports/network.ts';
import { asProperties, type SystemBus } from './system-bus.ts';

/*
 * ModemManager on D-Bus (ModemManager reference manual). Numbers are those of
 * MMModem3gppRegistrationState and MMModemAccessTechnology.
 */
export const MODEM_MANAGER = 'org.freedesktop.ModemManager1';
const ROOT = '/org/freedesktop/ModemManager1';

const REGISTRATIONS: Readonly<Record<number, ModemState['registration']>> = {
  0: 'idle',
  1: 'home',
  2: 'searching',
  3: 'denied',
  5: 'roaming',
  // Registered for messages only, and for emergency calls only: no data either way.
  6: 'denied',
  7: 'denied',
  8: 'denied',
  // As 1 and 5, with calls by another way.
  9: 'home',
  10: 'roaming',
};

/** Best first: a modem may be on several at once. */
const TECHNOLOGIES: readonly (readonly [bits: number, technology: ModemState['technology']])[] = [
  // 5GNR
  [1 << 15, '5g'],
  // LTE, LTE CAT-M, LTE NB-IOT
  [(1 << 14) | (1 << 16) | (1 << 17), '4g'],
  // UMTS, HSDPA, HSUPA, HSPA, HSPA+, 1XRTT, EVDO
  [0x3fe0, '3g'],
  // GSM, GSM compact, GPRS, EDGE
  [0x1e, '2g'],
];

const Modem = z.object({
  AccessTechnologies: z.number().catch(0),
  SignalQuality: z.tuple([z.number(), z.boolean()]).catch([0, false]),
});

const Modem3gpp = z.object({
  RegistrationState: z.number().catch(4),
  OperatorName: z.string().catch(''),
});

/** The first modem; null when there is none. Rejects when ModemManager is not there. */
export async function readModemManager(bus: SystemBus): Promise<ModemState | null> {
  const objects = await bus.objects(MODEM_MANAGER, ROOT);
  for (const path of Object.keys(objects).sort()) {
    const faces = asProperties(objects[path]);
    if (!(`${MODEM_MANAGER}.Modem` in faces)) continue;
    const modem = Modem.parse(asProperties(faces[`${MODEM_MANAGER}.Modem`]));
    const radio = Modem3gpp.parse(asProperties(faces[`${MODEM_MANAGER}.Modem.Modem3gpp`]));
    return {
      registration: REGISTRATIONS[radio.RegistrationState] ?? 'unknown',
      technology:
        TECHNOLOGIES.find(([bits]) => (modem.AccessTechnologies & bits) !== 0)?.[1] ?? 'unknown',
      signalPercent: Math.min(100, Math.max(0, modem.SignalQuality[0])),
      operator: radio.OperatorName,
    };
  }
  return null;
}
