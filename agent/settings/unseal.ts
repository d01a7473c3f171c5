import { jsonOf } from '../../hal/common/json.ts';
import { Sealed } from '../wire/settings.ts';

export type Unsealed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string };

/** The value of a section, whether or not it came sealed to this robot. */
export async function unsealed(
  given: unknown,
  unseal: (jwe: string) => Promise<string | undefined>,
): Promise<Unsealed> {
  const sealed = Sealed.safeParse(given);
  if (!sealed.success) return { ok: true, value: given };
  const text = await unseal(sealed.data.sealed);
  if (text === undefined)
    return { ok: false, reason: "sealed: expected a JWE to this robot's encryption key of now" };
  const value = jsonOf(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { ok: true, value }
    : { ok: false, reason: "sealed: expected the section's value as JSON" };
}
