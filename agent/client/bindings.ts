import { z } from 'zod';
import { Invitation } from '../wire/invitation.ts';

/** A robot this device may enter, with the random id its key is kept under. */
export const StoredBinding = Invitation.pick({ robot: true, robotKey: true, broker: true }).extend({
  keyId: z.string().regex(/^[0-9a-f]{32}$/),
});
export type StoredBinding = z.infer<typeof StoredBinding>;

/** The list as a whole: what the PIN lock encrypts. */
export const StoredBindings = z.array(StoredBinding).max(64);

/** Where the list is kept, in the open or behind a PIN. */
export interface BindingVault {
  /** Rejects with AccessError `locked` when a PIN stands before it. */
  load(): Promise<StoredBinding[]>;
  save(bindings: StoredBinding[]): Promise<void>;
}
