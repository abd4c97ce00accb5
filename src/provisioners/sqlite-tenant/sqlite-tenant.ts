import { randomBytes } from 'node:crypto';
import { newPassword, type RandomBytes } from '../password.ts';
import { requireInstanceId } from '../instance-id.ts';
import { ProvisionRefused, TenantMissing, type CallOptions, type Provisioner, type TenantAccess, type TenantRequest } from '../provisioner.ts';
import { buildTenantFile, deleteTenantFile } from './build.ts';
import { notesWritten } from './notes.ts';
import { hashPassword } from './password-hash.ts';
import { inTenant, tenantState } from './tenant-file.ts';
import { fits, isMetered, storePlan, tenantPlan } from './tenant-plan.ts';
import { endSessions, setPasswordHash } from './users.ts';

/** The one user a new tenant has. */
const ADMIN = 'admin';

export interface SqliteTenantOptions {
  /** Where the tenants' files are; made when the first tenant is. On a disk with hard links. */
  readonly folder: string;
  /** Where buyers reach the demo app, without the `/t/…` part. At most 440 characters, so that the whole fits the marketplace's 512. */
  readonly publicUrl: string;
  readonly random?: RandomBytes;
  /** Clock of the meter's readings, UTC ms. */
  readonly now?: () => number;
}

/**
 * Tenants of the demo app: one SQLite file each, named for its instance, with its own users, sessions and notes.
 *
 * Suspension is a row the app reads in every transaction, so it holds from the commit on. After the password's hash is computed every
 * verb runs without a pause in this process, which settles concurrent calls; across processes the file's transactions do.
 *
 * Sold by users (`settings.users`, else the bought quantity); where the use is paid for, by notes ever written.
 */
export function sqliteTenant({ folder, publicUrl, random = randomBytes, now = Date.now }: SqliteTenantOptions): Provisioner {
  const base = publicUrl.replace(/\/+$/, '');

  async function create(request: TenantRequest, { signal }: CallOptions): Promise<TenantAccess> {
    const { instanceId } = request;
    requireInstanceId(instanceId);
    signal.throwIfAborted();
    const plan = tenantPlan(request.plan, request.settings);
    const password = newPassword(random);
    const passwordHash = await hashPassword(password, random);
    signal.throwIfAborted();
    const state = request.suspended ? 'suspended' : 'open';
    const suffix = Buffer.from(random(8)).toString('hex');
    if (!buildTenantFile(folder, { instanceId, plan, state, userName: ADMIN, passwordHash }, suffix)) {
      const adopted = inTenant(folder, instanceId, (db) => {
        db.prepare('UPDATE tenant SET state = ?').run(state);
        storePlan(db, plan);
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

    async change({ instanceId, plan, settings }, { signal }) {
      requireInstanceId(instanceId);
      signal.throwIfAborted();
      const target = tenantPlan(plan, settings);
      const checked = inTenant(folder, instanceId, (db) => {
        const check = fits(db, target);
        if (check.allowed) storePlan(db, target);
        return check;
      });
      if (checked === undefined) throw new TenantMissing(instanceId);
      if (!checked.allowed) throw new ProvisionRefused('000100', checked.reason);
    },

    async check({ instanceId, plan, settings }, { signal }) {
      requireInstanceId(instanceId);
      signal.throwIfAborted();
      const target = tenantPlan(plan, settings);
      const checked = inTenant(folder, instanceId, (db) => fits(db, target));
      if (checked === undefined) throw new TenantMissing(instanceId);
      return checked;
    },

    async meter(instanceId, plan, { signal }) {
      requireInstanceId(instanceId);
      signal.throwIfAborted();
      if (!isMetered(plan)) return null;
      const value = inTenant(folder, instanceId, notesWritten);
      if (value === undefined) throw new TenantMissing(instanceId);
      return [{ value, at: now(), dashboardUrl: `${base}/t/${instanceId}` }];
    },

    async close() {},
  };
}
