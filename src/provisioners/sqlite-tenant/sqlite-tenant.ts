import { randomBytes } from 'node:crypto';
import type { Plan } from '../../lifecycle/plan.ts';
import { newPassword, type RandomBytes } from '../password.ts';
import { requireInstanceId } from '../instance-id.ts';
import { ProvisionRefused, TenantMissing, type CallOptions, type ChangeCheck, type Provisioner, type TenantAccess, type TenantRequest } from '../provisioner.ts';
import { buildTenantFile, deleteTenantFile } from './build.ts';
import { hashPassword } from './password-hash.ts';
import { inTenant, tenantState } from './tenant-file.ts';
import { countUsers, endSessions, setPasswordHash } from './users.ts';

/** The one user a new tenant has. */
const ADMIN = 'admin';

export interface SqliteTenantOptions {
  /** Where the tenants' files are; made when the first tenant is. On a disk with hard links. */
  readonly folder: string;
  /** Where buyers reach the demo app, without the `/t/…` part. At most 440 characters, so that the whole fits the marketplace's 512. */
  readonly publicUrl: string;
  readonly random?: RandomBytes;
}

/**
 * Tenants of the demo app: one SQLite file each, named for its instance, with its own users, sessions and notes.
 *
 * Suspension is a row the app reads in every transaction, so it holds from the commit on. After the password's hash is computed every
 * verb runs without a pause in this process, which settles concurrent calls; across processes the file's transactions do.
 */
export function sqliteTenant({ folder, publicUrl, random = randomBytes }: SqliteTenantOptions): Provisioner {
  const base = publicUrl.replace(/\/+$/, '');

  async function create(request: TenantRequest, { signal }: CallOptions): Promise<TenantAccess> {
    const { instanceId, plan } = request;
    requireInstanceId(instanceId);
    signal.throwIfAborted();
    const password = newPassword(random);
    const passwordHash = await hashPassword(password, random);
    signal.throwIfAborted();
    const state = request.suspended ? 'suspended' : 'open';
    const suffix = Buffer.from(random(8)).toString('hex');
    if (!buildTenantFile(folder, { instanceId, plan, state, userName: ADMIN, passwordHash }, suffix)) {
      const adopted = inTenant(folder, instanceId, (db) => {
        db.prepare('UPDATE tenant SET state = ?, plan = ?').run(state, JSON.stringify(plan));
        setPasswordHash(db, ADMIN, passwordHash);
        endSessions(db);
        return true;
      });
      if (adopted === undefined) throw new Error(`the tenant of ${instanceId} was removed while it was being adopted`);
    }
    return { frontEndUrl: `${base}/t/${instanceId}`, userName: ADMIN, password };
  }

  return {
    name: 'sqlite-tenant',

    async find(instanceId, { signal }) {
      requireInstanceId(instanceId);
      signal.throwIfAborted();
      return inTenant(folder, instanceId, tenantState) ?? 'absent';
    },

    create,

    async suspend(instanceId, { signal }) {
      requireInstanceId(instanceId);
      signal.throwIfAborted();
      const found = inTenant(folder, instanceId, (db) => {
        db.exec(`UPDATE tenant SET state = 'suspended'`);
        endSessions(db);
        return true;
      });
      if (found === undefined) throw new TenantMissing(instanceId);
    },

    async resume(instanceId, { signal }) {
      requireInstanceId(instanceId);
      signal.throwIfAborted();
      const found = inTenant(folder, instanceId, (db) => {
        db.exec(`UPDATE tenant SET state = 'open'`);
        return true;
      });
      if (found === undefined) throw new TenantMissing(instanceId);
    },

    async remove(instanceId, { signal }) {
      requireInstanceId(instanceId);
      signal.throwIfAborted();
      deleteTenantFile(folder, instanceId);
    },

    async change({ instanceId, plan }, { signal }) {
      requireInstanceId(instanceId);
      signal.throwIfAborted();
      const checked = inTenant(folder, instanceId, (db) => {
        const check = fits(countUsers(db), plan);
        if (check.allowed) db.prepare('UPDATE tenant SET plan = ?').run(JSON.stringify(plan));
        return check;
      });
      if (checked === undefined) throw new TenantMissing(instanceId);
      if (!checked.allowed) throw new ProvisionRefused('000100', checked.reason);
    },

    async check({ instanceId, plan }, { signal }) {
      requireInstanceId(instanceId);
      signal.throwIfAborted();
      const users = inTenant(folder, instanceId, countUsers);
      if (users === undefined) throw new TenantMissing(instanceId);
      return fits(users, plan);
    },

    // Its users, the linear attribute of the demo app, are bought ahead and not metered.
    meter: () => Promise.resolve(null),

    async close() {},
  };
}

/** The plan's quantity is a number of users; fewer than there are would shut somebody out. */
function fits(users: number, { quantity }: Plan): ChangeCheck {
  if (quantity === null || users <= quantity) return { allowed: true };
  return { allowed: false, reason: `${users} users are in use, the target has ${quantity}` };
}
