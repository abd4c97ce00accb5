import { createHash } from 'node:crypto';

/** What a tenant is called in the database: one name for its role and its schema. */
export interface TenantNames {
  /** `kk_` and 128 bits of the instance id's SHA-256 in hex: 35 bytes of PostgreSQL's 63, and only characters that need no folding. */
  readonly role: string;
  readonly schema: string;
  /** Key of the advisory lock under which this tenant is changed: a signed 64-bit number as text. */
  readonly lock: string;
}

/** Always the same names for the same instance id. */
export function tenantNames(instanceId: string): TenantNames {
  const hash = createHash('sha256').update(`postgres-tenant:${instanceId}`).digest();
  const name = `kk_${hash.subarray(0, 16).toString('hex')}`;
  return { role: name, schema: name, lock: hash.readBigInt64BE(16).toString() };
}
