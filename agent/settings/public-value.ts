import type { Section, SectionValue } from '../wire/settings.ts';

type Publish<S extends Section> = (value: SectionValue<S>) => Readonly<Record<string, unknown>>;

/**
 * What may leave the robot of a section: fields are named one by one, so that one that is added
 * later stays at home until somebody decides otherwise.
 */
const published: { readonly [S in Section]: Publish<S> } = {
  name: ({ name }) => ({ name }),
  wifi: ({ networks }) => ({
    networks: networks.map(({ ssid, hidden, security }) => ({ ssid, hidden, security })),
  }),
  turn: ({ servers, policy }) => ({ servers: servers.map(({ urls }) => ({ urls })), policy }),
  privacy: ({ timetableOnly }) => ({ timetableOnly }),
  limits: ({ maxVolume }) => ({ maxVolume }),
  log: ({ level }) => ({ level }),
};

export function publicValue<S extends Section>(
  section: S,
  value: SectionValue<S>,
): Readonly<Record<string, unknown>> {
  return published[section](value);
}
