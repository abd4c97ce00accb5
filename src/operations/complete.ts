import { findInstance } from '../store/instances.ts';
import { getSealed, putSealed } from '../store/sealed.ts';
import type { Sealer } from '../store/sealer.ts';
import { act, type Acted, type Desk } from './act.ts';

/** What the buyer of a purchase completed by hand gets: access data as JSON text, checked already and sealed here; nothing; or what an earlier attempt has sealed. */
export type Given = { readonly access: string; readonly sealer: Sealer } | 'nothing' | 'sealed before';

/** Says that a person has done what keeps failing. Throws SealBroken when the sealer's secret is not the one that this instance's data were sealed with. */
export async function complete(desk: Desk, name: string, given: Given): Promise<Acted | null> {
  if (given === 'nothing') return act(desk, name, { kind: 'complete' }, 'nothing');
  if (given === 'sealed before') return act(desk, name, { kind: 'complete' });
  const row = await findInstance(desk.store.em(), name);
  if (!row) return null;
  const { access, sealer } = given;
  return act(desk, row.id, { kind: 'complete' }, async (tx) => {
    // Sealed with a secret that the API does not have, access data would reach nobody.
    await getSealed(tx, sealer, row.id, 'order');
    await putSealed(tx, sealer, row.id, 'access', access, desk.now());
  });
}
