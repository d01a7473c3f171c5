/** What a section's value has to be. Reasons name the field and what was expected, never a value. */
import { X509Certificate } from 'node:crypto';
import { firstIssue } from '../../hal/common/json.ts';
import { IceServerConfig } from '../access/ice-servers.ts';
import { type Section, type SectionValue, sections, type WifiNetwork } from '../wire/settings.ts';

export type Checked<S extends Section> =
  | { readonly ok: true; readonly value: SectionValue<S> }
  | { readonly ok: false; readonly reason: string };

export const isSection = (name: string): name is Section => Object.hasOwn(sections, name);
export const sectionNames = Object.keys(sections).filter(isSection);

/** What the schemas of agent/wire cannot say. */
const further: { readonly [S in Section]?: (value: SectionValue<S>) => string | undefined } = {
  turn: ({ servers }) => firstOf(servers, 'servers', iceServerIssue),
  wifi: ({ networks }) =>
    firstOf(networks, 'networks', networkIssue) ??
    (new Set(networks.map(({ ssid }) => ssid)).size < networks.length
      ? 'networks: expected each ssid once'
      : undefined),
};

/** Never throws. */
export function checkSection<S extends Section>(section: S, given: unknown): Checked<S> {
  const parsed = sections[section].safeParse(given);
  if (!parsed.success) return { ok: false, reason: firstIssue(parsed.error) };
  const value = parsed.data as SectionValue<S>;
  const reason = further[section]?.(value);
  return reason === undefined ? { ok: true, value } : { ok: false, reason };
}

function firstOf<T>(
  list: readonly T[],
  field: string,
  issueOf: (one: T) => string | undefined,
): string | undefined {
  for (const [n, one] of list.entries()) {
    const issue = issueOf(one);
    if (issue !== undefined) return `${field}.${n}${issue}`;
  }
  return undefined;
}

/** As the robot's own configuration is checked. */
function iceServerIssue(server: SectionValue<'turn'>['servers'][number]): string | undefined {
  const parsed = IceServerConfig.safeParse(server);
  if (parsed.success) return undefined;
  const [issue] = parsed.error.issues;
  return `${(issue?.path ?? []).map((part) => `.${String(part)}`).join('')}: ${issue?.message}`;
}

function networkIssue(network: WifiNetwork): string | undefined {
  if (network.security !== 'eap') return undefined;
  const { method, ca, domain, anyServer, password } = network;
  if (method === 'tls')
    return '.method: expected peap or ttls: this robot has no certificate of its own for Wi-Fi';
  if (password === undefined) return `.password: expected one, as ${method} asks for it`;
  if (anyServer === true)
    return ca === undefined ? undefined : '.anyServer: expected either it or ca, not both';
  if (ca !== undefined) return caIssue(ca);
  return domain
    ? undefined
    : ".ca: expected a certificate that the login server's is checked against, or domain, or anyServer";
}

function caIssue(ca: string): string | undefined {
  const blocks = ca.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  const [pem, ...more] = blocks;
  if (pem === undefined || more.length > 0) return '.ca: expected one certificate in PEM';
  try {
    return new X509Certificate(pem).ca ? undefined : '.ca: expected a certificate of an authority';
  } catch {
    return '.ca: expected one certificate in PEM';
  }
}
