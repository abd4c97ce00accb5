import type { LifeState } from '../../src/lifecycle/state.ts';
import type { CallRow, InstanceRow } from '../../src/store/entities.ts';
import { append, appendFirst, insertInstance, lockInstance, type Letter, type NewInstance } from '../../src/store/mailbox.ts';
import type { Store } from '../../src/store/open.ts';
import { stateOf } from '../../src/store/state-of.ts';

/** 2026-11-21T00:00:00Z */
export const NOW = 1_795_219_200_000;

export function identity(name = '1'): NewInstance {
  return { id: `instance-${name}`, kit: 'saas-v2', orderLineKey: `CS1-${name}/CS1-${name}-000001`, orderId: `CS1-${name}`, orderLineId: `CS1-${name}-000001` };
}

export function letter(changes: Partial<Letter> = {}): Letter {
  return { at: NOW, key: null, attempt: 1, by: 'marketplace', instruction: { kind: 'freeze' }, callId: null, ...changes };
}

/** As a create call does: the row and its first command in one transaction. Null when the order line has a row already. */
export async function create(store: Store, name = '1', now = NOW): Promise<InstanceRow | null> {
  const who = identity(name);
  return store.em().transactional(async (em) => {
    const row = await insertInstance(em, who, now);
    if (row) await appendFirst(em, row.id, letter({ key: `${who.orderLineKey}/create`, instruction: { kind: 'create', orderId: who.orderId, orderLineId: who.orderLineId } }), now);
    return row;
  });
}

/** As any later call does: lock, then append. Gives the command's number. */
export async function write(store: Store, name = '1', changes: Partial<Letter> = {}, now = NOW): Promise<number> {
  return store.em().transactional(async (em) => {
    const row = await lockInstance(em, { id: identity(name).id });
    if (!row) throw new Error(`no instance ${name}`);
    return append(em, row, letter(changes), now);
  });
}

/** The row as it is now; it must exist. */
export async function rowOf(store: Store, name = '1'): Promise<InstanceRow> {
  const row = await store.em().transactional((em) => lockInstance(em, { id: identity(name).id }));
  if (!row) throw new Error(`no instance ${name}`);
  return row;
}

/** The stored state, changed as a workflow would: the next version unless stated otherwise. */
export async function nextState(store: Store, changes: Partial<LifeState> = {}, name = '1'): Promise<LifeState> {
  const state = stateOf(await rowOf(store, name));
  return { ...state, version: state.version + 1, ...changes };
}

export function callRow(changes: Partial<CallRow> = {}): CallRow {
  return {
    id: 'call-1',
    receivedAt: NOW,
    kit: 'saas-v2',
    verb: 'newInstance',
    kind: 'live',
    nonce: 'nonce-1',
    signedAt: NOW - 100,
    evidence: { matched: 'raw', key: 0, signature: 'c2ln', timestamp: String(NOW - 100) },
    body: '{"activity":"newInstance"}',
    instanceId: null,
    seq: null,
    resultCode: '000000',
    resultMsg: 'success',
    ...changes,
  };
}
