/** Where each section takes effect, besides Wi-Fi, whose changes take minutes (wifi-changer.ts). */
import type { Section, SectionValue } from '../wire/settings.ts';

export type QuickSection = Exclude<Section, 'wifi'>;

/** Takes effect at once. Undefined: as configured on the robot itself. */
export type Apply<S extends Section> = (value: SectionValue<S> | undefined) => void;

/** A section without one here does not compile. */
export type Appliers = { readonly [S in QuickSection]: Apply<S> };
