import { randomBytes } from 'node:crypto';
import { escapeIdentifier, escapeLiteral, type PoolClient } from 'pg';
import { requireInstanceId } from '../instance-id.ts';
import { newPassword, type RandomBytes } from '../password.ts';
import { TenantMissing, type CallOptions, type ChangeRequest, type Provisioner, type TenantAccess, type TenantRequest } from '../provisioner.ts';
import { adminPool, inTransaction, onConnection } from './connection.ts';
import { tenantNames } from './names.ts';
import { prepareServer, type Server } from './prepare.ts';
import { endSessions, findRole, onTenant, roleComment } from './role.ts';
import { scramVerifier } from './scram.ts';

export interface PostgresTenantOptions {
  /**
   * `postgres://user:password@host:port/database`, as buyers reach the host. The user is a superuser, or owns the database and has
   * CREATEROLE. Use a database for tenants alone: its schema `public` is closed to everybody but its owner.
   */
  readonly adminUrl: string;
  /** The page the buyer opens, `{instanceId}` filled in; at most 512 characters then. Without it, the database's own address. */
  readonly publicUrl?: string;
  readonly random?: RandomBytes;
}

/**
 * Tenants of one PostgreSQL database (14 or later): a role and a schema each, named by a hash of the instance id.
 *
 * The schema belongs to the administrator and the role may use and fill it, so a tenant cannot drop or hand on its own place. The role can
 * log in to other databases of the server as far as those let everybody in. Suspension is NOLOGIN, then the end of all sessions.
 */
export function postgresTenant({ adminUrl, publicUrl, random = randomBytes }: PostgresTenantOptions): Provisioner {
  const address = parseAddress(adminUrl);
  const pool = adminPool(adminUrl);
  let prepared: Server | undefined;

  async function create(request: TenantRequest, { signal }: CallOptions): Promise<TenantAccess> {
    const { instanceId } = request;
    requireInstanceId(instanceId);
    signal.throwIfAborted();
    const password = newPassword(random);
    const verifier = await scramVerifier(password, random);
    const server = (prepared ??= await prepareServer(pool, signal));
    const { role, schema } = tenantNames(instanceId);
    await onTenant(pool, instanceId, signal, async (client) => {
      const adopted = await inTransaction(client, async () => {
        const before = await findRole(client, instanceId);
        if (before === 'absent') await createRole(client, instanceId, server);
        await furnish(client, request, server, verifier);
        return before !== 'absent';
      });
      if (adopted) await endSessions(client, instanceId, signal);
    });
    const where = `host=${address.host} port=${address.port} database=${server.database} schema=${schema}`;
    const databaseUrl = `postgresql://${address.host}:${address.port}/${encodeURIComponent(server.database)}`;
    return { frontEndUrl: publicUrl?.replaceAll('{instanceId}', instanceId) ?? databaseUrl, userName: role, password, memo: where };
  }

  return {
    name: 'postgres-tenant',

    async find(instanceId, { signal }) {
      requireInstanceId(instanceId);
      return onConnection(pool, signal, (client) => findRole(client, instanceId));
    },

    create,

    async suspend(instanceId, { signal }) {
      requireInstanceId(instanceId);
      await onTenant(pool, instanceId, signal, async (client) => {
        if ((await findRole(client, instanceId)) === 'absent') throw new TenantMissing(instanceId);
        await setLogin(client, instanceId, 'NOLOGIN');
        await endSessions(client, instanceId, signal);
      });
    },

    async resume(instanceId, { signal }) {
      requireInstanceId(instanceId);
      await onTenant(pool, instanceId, signal, async (client) => {
        if ((await findRole(client, instanceId)) === 'absent') throw new TenantMissing(instanceId);
        await setLogin(client, instanceId, 'LOGIN');
      });
    },

    async remove(instanceId, { signal }) {
      requireInstanceId(instanceId);
      await onTenant(pool, instanceId, signal, async (client) => {
        if ((await findRole(client, instanceId)) === 'absent') return;
        // Open transactions of the tenant would hold up the drop.
        await setLogin(client, instanceId, 'NOLOGIN');
        await endSessions(client, instanceId, signal);
        await inTransaction(client, () => dropTenant(client, instanceId));
      });
    },

    async change(request, { signal }) {
      const { instanceId } = request;
      requireInstanceId(instanceId);
      await onTenant(pool, instanceId, signal, async (client) => {
        if ((await findRole(client, instanceId)) === 'absent') throw new TenantMissing(instanceId);
        await notePlan(client, request);
      });
    },

    async check({ instanceId }, { signal }) {
      requireInstanceId(instanceId);
      if ((await onConnection(pool, signal, (client) => findRole(client, instanceId))) === 'absent') throw new TenantMissing(instanceId);
      // A schema has no size that a plan limits: every change keeps all data.
      return { allowed: true };
    },

    async meter(instanceId, _plan, { signal }) {
      requireInstanceId(instanceId);
      signal.throwIfAborted();
      // What was used is for the seller's own product to count.
      return null;
    },

    close: () => pool.end(),
  };
}

async function createRole(client: PoolClient, instanceId: string, server: Server): Promise<void> {
  const role = escapeIdentifier(tenantNames(instanceId).role);
  await client.query(`CREATE ROLE ${role} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS`);
  await client.query(`COMMENT ON ROLE ${role} IS ${escapeLiteral(roleComment(instanceId, server.database))}`);
  // Ending the role's sessions and dropping what it owns need its privileges, which only a superuser has anyway.
  if (!server.superuser) await client.query(`GRANT ${role} TO CURRENT_USER`);
}

/** Everything but the role itself, in a form that may be repeated: login, password, own schema, plan. CREATE ROLE takes no parameters. */
async function furnish(client: PoolClient, request: TenantRequest, server: Server, verifier: string): Promise<void> {
  const names = tenantNames(request.instanceId);
  const role = escapeIdentifier(names.role);
  const schema = escapeIdentifier(names.schema);
  await client.query(`ALTER ROLE ${role} ${request.suspended ? 'NOLOGIN' : 'LOGIN'} PASSWORD ${escapeLiteral(verifier)}`);
  await client.query(`ALTER ROLE ${role} IN DATABASE ${escapeIdentifier(server.database)} SET search_path = ${schema}`);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  await client.query(`GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${role}`);
  await notePlan(client, request);
}

/** For the seller's product to read: what was bought, and what the configuration says of it. */
async function notePlan(client: PoolClient, { instanceId, plan, settings }: ChangeRequest): Promise<void> {
  await client.query(`COMMENT ON SCHEMA ${escapeIdentifier(tenantNames(instanceId).schema)} IS ${escapeLiteral(JSON.stringify({ ...plan, settings }))}`);
}

async function setLogin(client: PoolClient, instanceId: string, login: 'LOGIN' | 'NOLOGIN'): Promise<void> {
  await client.query(`ALTER ROLE ${escapeIdentifier(tenantNames(instanceId).role)} ${login}`);
}

async function dropTenant(client: PoolClient, instanceId: string): Promise<void> {
  const names = tenantNames(instanceId);
  const role = escapeIdentifier(names.role);
  // A large tenant takes as long as it takes; cut off, the next attempt finds out how it ended.
  await client.query('SET LOCAL statement_timeout = 0');
  await client.query(`DROP OWNED BY ${role} CASCADE`);
  await client.query(`DROP SCHEMA IF EXISTS ${escapeIdentifier(names.schema)} CASCADE`);
  await client.query(`DROP ROLE ${role}`);
}

/** Host and port that buyers are told. The URL holds a password, so its parse error, which quotes it, is not passed on. */
function parseAddress(adminUrl: string): { host: string; port: string } {
  if (!URL.canParse(adminUrl)) throw new Error('adminUrl is not of the form postgres://user:password@host:port/database');
  const { hostname, port } = new URL(adminUrl);
  return { host: hostname === '' ? 'localhost' : hostname, port: port === '' ? '5432' : port };
}
