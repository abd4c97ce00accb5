import { readSdkDate } from '../../marketplace/times.ts';
import type { ChargingMode, InstanceStatus } from '../entities.ts';
import type { RecordCode } from './usage-codes.ts';
import type { PushedRecord } from './usage-interfaces.ts';

/** A record may begin so long ago (open-api.md 6.1, 9004). */
export const OLDEST_BEGIN = 21 * 24 * 60 * 60_000;

/** An instance of another seller's product. */
export const OTHER_SELLERS_INSTANCE = 'instance-of-another-seller';

/** What the books know of an instance that a record names. */
export interface MeteredInstance {
  readonly chargingMode: ChargingMode;
  readonly productIds: readonly string[];
  readonly status: InstanceStatus;
  /** UTC ms; null where it was not noted. */
  readonly statusSince: number | null;
  readonly boughtAt: number;
}

/** A record, its times read (null: not written as they must be), and what the market knows. */
export interface Facts {
  readonly record: PushedRecord;
  /** Whether this generation of the interface has metering_sn. */
  readonly numbered: boolean;
  readonly begin: number | null;
  readonly end: number | null;
  readonly instance: MeteredInstance | null;
  /** What relate_pkg_instance names; null when the books have no such instance. */
  readonly packageInstance: MeteredInstance | null;
  readonly numberUsed: boolean;
  readonly windowUsed: boolean;
  readonly delisted: boolean;
  readonly now: number;
}

interface Rule {
  readonly code: RecordCode;
  broken(facts: Facts): boolean;
}

/** In the order in which a record is looked at: the pages give none. */
const RULES: readonly Rule[] = [
  { code: '009', broken: ({ record }) => record.instanceId === OTHER_SELLERS_INSTANCE },
  { code: '001', broken: ({ record: { productId }, instance }) => instance === null || (productId !== null && !instance.productIds.includes(productId)) },
  { code: '012', broken: ({ instance }) => instance?.chargingMode !== 'ON_DEMAND' },
  // Which code a wrong package gets is not stated.
  { code: '001', broken: ({ record, packageInstance }) => record.packageInstanceId !== null && packageInstance?.chargingMode !== 'ON_DEMAND_PKG' },
  { code: '002', broken: ({ record, begin, end }) => begin === null || end === null || readSdkDate(record.recordTime) === null },
  { code: '003', broken: ({ record }) => !isUsage(record.value) },
  { code: '004', broken: ({ record, numbered }) => numbered && (record.meteringSn ?? '') === '' },
  { code: '005', broken: ({ numberUsed }) => numberUsed },
  { code: '010', broken: ({ windowUsed }) => windowUsed },
  { code: '006', broken: ({ delisted }) => delisted },
  { code: '007', broken: ({ begin, now }) => begin !== null && begin < now - OLDEST_BEGIN },
  { code: '011', broken: ({ begin, end, now }) => begin !== null && end !== null && (begin > end || end > now) },
  // The wire has whole seconds. The seller's instance is older than the marketplace's knowledge of it, so the purchase counts.
  { code: '015', broken: ({ begin, instance }) => begin !== null && instance !== null && begin < wholeSecond(instance.boughtAt) },
  { code: '014', broken: (facts) => endsAfter('released', facts) },
  { code: '013', broken: (facts) => endsAfter('frozen', facts) },
];

/** The code of the first rule that a record breaks; null for a good one. */
export function judgeRecord(facts: Facts): RecordCode | null {
  return RULES.find(({ broken }) => broken(facts))?.code ?? null;
}

/** Double(12,4): four decimals, and eight digits before them. */
function isUsage(value: string): boolean {
  return /^(?:0|[1-9][0-9]{0,7})(?:\.[0-9]{1,4})?$/.test(value) && Number(value) > 0;
}

/** Whether the use goes on after the instance came into this status; what was used before is billed all the same (rule 7 of §4.4). */
function endsAfter(status: InstanceStatus, { end, instance }: Facts): boolean {
  return instance !== null && instance.status === status && instance.statusSince !== null && end !== null && end > instance.statusSince;
}

function wholeSecond(at: number): number {
  return Math.floor(at / 1000) * 1000;
}
