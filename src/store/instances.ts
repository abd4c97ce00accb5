import { SqliteDriver, type SqlEntityManager } from '@mikro-orm/sql';
import type { Phase } from '../lifecycle/phase.ts';
import type { UsageReading } from '../lifecycle/usage.ts';
import { Instance, type InstanceRow } from './entities.ts';
import { countLost } from './lost.ts';
import { contextOf } from './sealed.ts';
import { SealBroken, type Sealer } from './sealer.ts';

/** What a query needs of an instance. `access` is the opened access data, a secret. */
export interface Found {
  readonly instanceId: string;
  readonly phase: Phase;
  readonly refusal: { readonly code: string; readonly message: string } | null;
  readonly access: string | null;
  /** The last readings of its meters; empty when nothing is metered or none was read yet. */
  readonly usage: readonly UsageReading[];
}

/** PostgreSQL's driver gives JSON as what it says, SQLite as text. */
type Json<T> = T | string;

interface FoundRow {
  readonly id: string;
  readonly phase: Phase;
  readonly state: Json<Pick<InstanceRow['state'], 'actual'>>;
  readonly text: string | null;
  readonly readings: Json<readonly UsageReading[]> | null;
}

/**
 * The asked instances that exist, in one SQL statement. Access data that no configured secret opens are reported to `broken` and left out (without one they are thrown): they
 * must not take the other instances of the same question with them.
 */
export async function findInstances(em: SqlEntityManager, sealer: Sealer, ids: readonly string[], broken: Broken = fail): Promise<Found[]> {
  if (ids.length === 0) return [];
  const rows = await em.getConnection().execute<FoundRow[]>(
    `select i.id, i.phase, i.state, s.text, u.readings from instance i
     left join sealed s on s.instance_id = i.id and s.kind = 'access'
     left join "usage" u on u.instance_id = i.id
     where i.id in (${ids.map(() => '?').join(', ')})`,
    [...ids],
    'all',
    em.getTransactionContext(),
  );
  return rows.map(({ id, phase, state, text, readings }) => ({
    instanceId: id,
    phase,
    refusal: parsed(state).actual.refusal,
    access: text === null ? null : openAccess(sealer, id, text, broken),
    usage: readings === null ? [] : parsed(readings),
  }));
}

function parsed<T extends object>(json: Json<T>): T {
  return typeof json === 'string' ? (JSON.parse(json) as T) : json;
}

type Broken = (instanceId: string, error: SealBroken) => void;

function fail(_instanceId: string, error: SealBroken): void {
  throw error;
}

function openAccess(sealer: Sealer, instanceId: string, text: string, broken: Broken): string | null {
  try {
    return sealer.open(text, contextOf(instanceId, 'access'));
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error;
    broken(instanceId, error);
    return null;
  }
}

export interface InstanceFilter {
  readonly phase?: Phase;
  readonly needsPerson?: boolean;
  /** Only those that no workflow carries. */
  readonly lost?: boolean;
  readonly limit: number;
}

/** Newest first. */
export async function listInstances(em: SqlEntityManager, { phase, needsPerson, lost = false, limit }: InstanceFilter): Promise<InstanceRow[]> {
  const where = { ...(phase === undefined ? {} : { phase }), ...(needsPerson === undefined ? {} : needsPerson ? { $or: [{ needsPerson }, { lostSince: { $ne: null } }] } : { needsPerson, lostSince: null }), ...(lost ? { lostSince: { $ne: null } } : {}) };
  return em.find(Instance, where, { orderBy: { createdAt: 'desc', id: 'asc' }, limit });
}

/** By our id, or by the marketplace's order line. */
export async function findInstance(em: SqlEntityManager, name: string): Promise<InstanceRow | null> {
  return em.findOne(Instance, { $or: [{ id: name }, { orderLineKey: name }, { orderLineId: name }] });
}

export interface Counts {
  readonly phases: Readonly<Record<string, number>>;
  readonly needsPerson: number;
  /** How many instances need a person for each reason; one with two reasons counts for both. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly waiting: number;
  /** Lives whose workflow is gone. */
  readonly lost: number;
}

/** The names of a JSON object's members, in each database's own words. */
const REASONS = {
  sqlite: "select r.key as reason, count(*) as n from instance i, json_each(i.state, '$.needsPerson') r where i.needs_person group by r.key order by r.key",
  postgres: "select r.reason, count(*) as n from instance i, jsonb_object_keys(i.state -> 'needsPerson') as r(reason) where i.needs_person group by r.reason order by r.reason",
} as const;

export async function countInstances(em: SqlEntityManager): Promise<Counts> {
  const rows = await em.getConnection().execute<{ phase: string; n: number | string }[]>('select phase, count(*) as n from instance group by phase');
  const reasons = await em.getConnection().execute<{ reason: string; n: number | string }[]>(REASONS[em.getDriver() instanceof SqliteDriver ? 'sqlite' : 'postgres']);
  return {
    phases: Object.fromEntries(rows.map(({ phase, n }) => [phase, Number(n)])),
    needsPerson: await em.count(Instance, { needsPerson: true }),
    lost: await countLost(em),
    reasons: Object.fromEntries(reasons.map(({ reason, n }) => [reason, Number(n)])),
    waiting: await em.count(Instance, { waiting: true }),
  };
}
