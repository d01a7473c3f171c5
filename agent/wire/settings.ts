/**
 * Settings of a robot, by section: each has a version that grows, is validated as a whole, and
 * takes effect or is rejected as a whole. Desired settings come as `configure` orders; what the
 * robot runs with is reported.
 */
import { z } from 'zod';
import { RobotId } from './topics.ts';

export const LogLevel = z.enum(['error', 'warn', 'info', 'debug']);

/** A setting that the broker must not read: JWE to the robot's encryption key, with the section's value as JSON. */
export const Sealed = z.strictObject({ sealed: z.string().max(16_000) });

const version = z.int().positive();

/** Of one section, sealed or not. What a value must be is in the schema of its section. */
export const SettingsValue = z.strictObject({
  section: z.string().regex(/^[a-zA-Z]{1,20}$/, 'expected the name of a section'),
  version,
  value: z.union([Sealed, z.looseObject({})]),
});
export type SettingsValue = z.infer<typeof SettingsValue>;

const PrintableText = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}]*$/u, 'expected text without control characters');

/** IEEE 802.11: an SSID has up to 32 bytes. */
const Ssid = PrintableText(32).refine(
  (text) => new TextEncoder().encode(text).length <= 32,
  'expected at most 32 bytes of UTF-8',
);

/** A Wi-Fi network: open, WPA2/WPA3 personal, or 802.1X. */
export const WifiNetwork = z.discriminatedUnion('security', [
  z.strictObject({ ssid: Ssid, hidden: z.boolean(), security: z.literal('open') }),
  z.strictObject({
    ssid: Ssid,
    hidden: z.boolean(),
    security: z.enum(['wpa2', 'wpa3']),
    /** IEEE 802.11i: a passphrase of 8 to 63 ASCII characters, or 64 hex digits. */
    passphrase: z
      .string()
      .regex(/^(?:[\x20-\x7e]{8,63}|[0-9A-Fa-f]{64})$/, 'expected 8 to 63 characters'),
  }),
  z.strictObject({
    ssid: Ssid,
    hidden: z.boolean(),
    security: z.literal('eap'),
    method: z.enum(['peap', 'ttls', 'tls']),
    identity: PrintableText(253),
    anonymousIdentity: PrintableText(253).exactOptional(),
    password: z.string().min(1).max(256).exactOptional(),
    phase2: z.enum(['mschapv2', 'pap', 'gtc']).exactOptional(),
    /** PEM: the RADIUS server is verified against these. */
    ca: z.string().max(12_000).exactOptional(),
    /**
     * Name of the RADIUS server's certificate; without it any server of `ca` would do. Without `ca`
     * the system's certificate authorities count, and it is required.
     */
    domain: z.string().max(253).exactOptional(),
    /** Any RADIUS server will do, also one of a stranger who wants the password: said on purpose. */
    anyServer: z.literal(true).exactOptional(),
  }),
]);
export type WifiNetwork = z.infer<typeof WifiNetwork>;

const TurnServer = z.strictObject({
  urls: z
    .array(
      z
        .string()
        .regex(/^(?:stun|stuns|turn|turns):/)
        .max(300),
    )
    .min(1)
    .max(8),
  username: z.string().max(500).exactOptional(),
  credential: z.string().max(500).exactOptional(),
  secret: z.string().max(500).exactOptional(),
});

/** What each section holds. Unknown sections are rejected as `unknownSection` and kept out. */
export const sections = {
  name: z.strictObject({ name: PrintableText(60) }),
  wifi: z.strictObject({ networks: z.array(WifiNetwork).max(8) }),
  turn: z.strictObject({ servers: z.array(TurnServer).max(8), policy: z.enum(['all', 'relay']) }),
  privacy: z.strictObject({
    /** No session without a timetable. */
    timetableOnly: z.boolean(),
  }),
  limits: z.strictObject({
    /** 0..1; the pupil's volume goes no higher. */
    maxVolume: z.number().min(0.1).max(1),
  }),
  log: z.strictObject({ level: LogLevel }),
} as const;
export type Section = keyof typeof sections;
export type SectionValue<S extends Section> = z.infer<(typeof sections)[S]>;

/** Whether and how a section is in force. */
export const SectionReport = z.looseObject({
  /** Version in force; 0: as configured on the robot itself. */
  version: z.int().nonnegative(),
  state: z.enum(['applied', 'trying', 'rejected']),
  /** Version that is tried or was rejected. */
  tried: version.exactOptional(),
  /** Which field, what was expected. */
  reason: z.string().max(300).exactOptional(),
  /** Without secrets; absent where all of it is secret. */
  value: z.looseObject({}).exactOptional(),
});
export type SectionReport = z.infer<typeof SectionReport>;

/** Retained. */
export const Reported = z.looseObject({
  robot: RobotId,
  at: z.number().nonnegative(),
  sections: z.record(z.string().max(20), SectionReport),
});
export type Reported = z.infer<typeof Reported>;
