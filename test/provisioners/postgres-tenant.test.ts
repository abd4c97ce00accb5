import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { tenantNames } from '../../src/provisioners/postgres-tenant/names.ts';
import { postgresTenant } from '../../src/provisioners/postgres-tenant/postgres-tenant.ts';
import type { Provisioner, TenantAccess } from '../../src/provisioners/provisioner.ts';
import { dropDatabase, freshDatabase, startPostgres } from '../support/postgres.ts';
import { describeChanges } from './change-contract.ts';
import { describeProvisioner, type BuyerSession, type Subject } from './port-contract.ts';

const publicUrl = 'https://crm.example.com/{instanceId}/login';
const signal = new AbortController().signal;
const plan = { skuCode: 'sku', productId: 'product', quantity: null, chargingMode: 'PERIOD', trial: false };
const newId = (): string => `test_${randomBytes(12).toString('base64url')}`;

let server: string;
let stop = async (): Promise<void> => {};

beforeAll(async () => {
  const running: string | undefined = inject('postgresUrl') ?? process.env['KOOKEEPER_TEST_POSTGRES'];
  if (running !== undefined) {
    server = running;
    return;
  }
  const own = await startPostgres();
  server = own.url;
  stop = own.stop;
}, 60_000);
afterAll(() => stop());

describeProvisioner('postgres-tenant', async () => subjectFor(await freshDatabase(server)));

describeChanges(
  'postgres-tenant',
  async () => {
    const adminUrl = await freshDatabase(server);
    return { ...subjectFor(adminUrl), planOf: (instanceId) => planBeside(adminUrl, instanceId) };
  },
  { refuses: false, meters: false },
);

async function planBeside(adminUrl: string, instanceId: string): Promise<unknown> {
  const [row] = await query(adminUrl, `SELECT obj_description('${tenantNames(instanceId).schema}'::regnamespace, 'pg_namespace') AS plan`);
  return JSON.parse(String(row?.['plan']));
}

describeProvisioner('postgres-tenant with an administrator who is no superuser', async () => {
  const database = await freshDatabase(server);
  const name = `admin_${randomBytes(6).toString('hex')}`;
  await query(database, `CREATE ROLE ${name} LOGIN CREATEROLE PASSWORD 'of-the-administrator'`);
  await query(database, `ALTER DATABASE "${new URL(database).pathname.slice(1)}" OWNER TO ${name}`);
  const address = new URL(database);
  address.username = name;
  address.password = 'of-the-administrator';
  return subjectFor(address.href, {
    adminUrl: database,
    async tidy() {
      await query(server, `DROP ROLE ${name}`);
    },
  });
});

function subjectFor(adminUrl: string, other = { adminUrl, tidy: async () => {} }): Subject {
  return {
    open: () => postgresTenant({ adminUrl, publicUrl }),
    logIn: (_, access) => enter(adminUrl, access),
    traces: async () => {
      const database = new URL(adminUrl).pathname.slice(1);
      const rows = await query(
        other.adminUrl,
        `SELECT 'schema ' || nspname AS name FROM pg_namespace WHERE nspname LIKE 'kk%'
         UNION SELECT 'role ' || rolname FROM pg_roles WHERE shobj_description(oid, 'pg_authid') LIKE '%${database}'
         UNION SELECT 'table ' || relname FROM pg_class JOIN pg_roles owner ON owner.oid = relowner WHERE rolname LIKE 'kk%'
         ORDER BY 1`,
      );
      return rows.map(({ name }) => String(name));
    },
    async close() {
      await dropDatabase(other.adminUrl);
      await other.tidy();
    },
  };
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** The buyer's own connection. A refusal or a cut connection is an answer; anything else is thrown. */
async function connect(adminUrl: string, access: TenantAccess): Promise<Client | null> {
  const { hostname, port, pathname } = new URL(adminUrl);
  const { userName = '', password = '' } = access;
  const client = new Client({ host: hostname, port: Number(port), database: pathname.slice(1), user: userName, password });
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    // invalid_authorization_specification (NOLOGIN) and invalid_password; a role that is not there is the latter.
    if (error instanceof Error && 'code' in error && (error.code === '28000' || error.code === '28P01')) return null;
    throw error;
  }
}

async function enter(adminUrl: string, access: TenantAccess): Promise<BuyerSession | null> {
  const client = await connect(adminUrl, access);
  if (client === null) return null;
  const attempt = async (text: string, values: unknown[] = []): Promise<Record<string, unknown>[] | null> => {
    try {
      return (await client.query<Record<string, unknown>>(text, values)).rows;
    } catch {
      return null;
    }
  };
  await attempt('CREATE TABLE IF NOT EXISTS note (id serial, text text)');
  return {
    write: async (text) => (await attempt('INSERT INTO note (text) VALUES ($1)', [text])) !== null,
    read: async () => (await attempt('SELECT text FROM note ORDER BY id'))?.map(({ text }) => String(text)) ?? null,
    leave: () => client.end(),
  };
}

describe('postgres-tenant', () => {
  let database: string;
  let provisioner: Provisioner;
  beforeAll(async () => {
    database = await freshDatabase(server);
    provisioner = postgresTenant({ adminUrl: database, publicUrl });
  });
  afterAll(async () => {
    await provisioner.close();
    await dropDatabase(database);
  });

  async function withTenant(work: (instanceId: string, access: TenantAccess, buyer: Client) => Promise<void>): Promise<void> {
    const instanceId = newId();
    const access = await provisioner.create({ instanceId, plan, settings: {}, suspended: false }, { signal });
    const buyer = await connect(database, access);
    if (buyer === null) throw new Error('the buyer was refused');
    try {
      await work(instanceId, access, buyer);
    } finally {
      await buyer.end();
      await provisioner.remove(instanceId, { signal });
    }
  }

  it('fills the instance id into the public address and names host, database and schema in the memo', () =>
    withTenant(async (instanceId, access) => {
      const { hostname, port, pathname } = new URL(database);
      expect(access.frontEndUrl).toBe(`https://crm.example.com/${instanceId}/login`);
      expect(access.memo).toBe(`host=${hostname} port=${port} database=${pathname.slice(1)} schema=${tenantNames(instanceId).schema}`);
    }));

  it('hands out the database\'s address, without anybody\'s password, when there is no page', async () => {
    const bare = postgresTenant({ adminUrl: database });
    const instanceId = newId();
    try {
      const { frontEndUrl } = await bare.create({ instanceId, plan, settings: {}, suspended: true }, { signal });
      const { host, pathname } = new URL(database);
      expect(frontEndUrl).toBe(`postgresql://${host}${pathname}`);
    } finally {
      await bare.remove(instanceId, { signal });
      await bare.close();
    }
  });

  it('lets a tenant use its own schema and no other: not public, not a neighbour\'s, none of its own making', () =>
    withTenant(async (_, __, buyer) => {
      await query(database, 'CREATE TABLE IF NOT EXISTS public.ours (x int); GRANT ALL ON public.ours TO PUBLIC');
      await buyer.query('CREATE TABLE mine (x int)');
      await expect(buyer.query('SELECT * FROM public.ours')).rejects.toThrow('permission denied for schema public');
      await expect(buyer.query('CREATE TABLE public.theirs (x int)')).rejects.toThrow('permission denied for schema public');
      await expect(buyer.query('CREATE SCHEMA another')).rejects.toThrow('permission denied for database');
      await expect(buyer.query('CREATE ROLE another')).rejects.toThrow('permission denied to create role');
      await withTenant(async (neighbour, ___, other) => {
        await other.query('CREATE TABLE secret (x int)');
        const { schema } = tenantNames(neighbour);
        await expect(buyer.query(`SELECT * FROM ${schema}.secret`)).rejects.toThrow('permission denied for schema');
        await expect(buyer.query(`SET ROLE ${schema}`)).rejects.toThrow('permission denied to set role');
      });
    }));

  it('removes a tenant in the middle of a transaction, with large objects and default privileges of its own', () =>
    withTenant(async (instanceId, _, buyer) => {
      await buyer.query('CREATE TABLE mine (x int); ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC');
      await buyer.query('SELECT lo_create(0)');
      await buyer.query('BEGIN; LOCK TABLE mine');
      await provisioner.remove(instanceId, { signal });
      expect(await provisioner.find(instanceId, { signal })).toBe('absent');
      expect(await query(database, 'SELECT oid FROM pg_largeobject_metadata')).toEqual([]);
    }));

  it('stores a SCRAM verifier, and keeps plan and settings beside the schema', () =>
    withTenant(async (instanceId, access) => {
      const { role } = tenantNames(instanceId);
      const [row] = await query(database, `SELECT rolpassword FROM pg_authid WHERE rolname = '${role}'`);
      expect(row?.['rolpassword']).toMatch(/^SCRAM-SHA-256\$4096:/);
      expect(String(row?.['rolpassword'])).not.toContain(access.password);
      expect(await planBeside(database, instanceId)).toEqual({ ...plan, settings: {} });
      await provisioner.change({ instanceId, plan, settings: { tier: "o'neill" } }, { signal });
      expect(await planBeside(database, instanceId)).toEqual({ ...plan, settings: { tier: "o'neill" } });
    }));

  it('never adopts a role that is not its own', async () => {
    const instanceId = newId();
    const { role } = tenantNames(instanceId);
    await query(database, `CREATE ROLE ${role}`);
    try {
      const create = provisioner.create({ instanceId, plan, settings: {}, suspended: false }, { signal });
      await expect(create).rejects.toThrow('is not the tenant of instance');
      await expect(provisioner.remove(instanceId, { signal })).rejects.toThrow('is not the tenant of instance');
    } finally {
      await query(database, `DROP ROLE ${role}`);
    }
  });

  it('stops waiting for a lock when the signal is aborted', async () => {
    const instanceId = newId();
    const holder = new Client({ connectionString: database });
    await holder.connect();
    try {
      await holder.query('SELECT pg_advisory_lock($1::bigint)', [tenantNames(instanceId).lock]);
      const controller = new AbortController();
      const creating = provisioner.create({ instanceId, plan, settings: {}, suspended: false }, { signal: controller.signal });
      setTimeout(() => controller.abort(new Error('stop')), 100);
      await expect(creating).rejects.toThrow('stop');
    } finally {
      await holder.end();
    }
    expect(await provisioner.find(instanceId, { signal })).toBe('absent');
  });

  it('puts no password into its errors: malformed address, refused administrator, no server', async () => {
    expect(() => postgresTenant({ adminUrl: 'postgres://u:hidden-one@[bad' })).toThrow('adminUrl is not of the form');
    const wrong = new URL(database);
    wrong.password = 'hidden-one';
    const nobody = new URL(wrong);
    nobody.port = '1';
    for (const address of [wrong, nobody]) {
      const broken = postgresTenant({ adminUrl: address.href });
      const error: unknown = await broken.find('one', { signal }).catch((caught: unknown) => caught);
      await broken.close();
      expect(error).toBeInstanceOf(Error);
      const told = error instanceof Error ? `${error.stack} ${JSON.stringify(error, Object.getOwnPropertyNames(error))}` : '';
      expect(told).not.toContain('hidden-one');
    }
  });

  it('lives on when the server ends its connections', async () => {
    expect(await provisioner.find('one', { signal })).toBe('absent');
    await query(database, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kookeeper provisioner'
      AND datname = current_database()`);
    await expect.poll(() => provisioner.find('one', { signal }).catch(() => 'cut')).toBe('absent');
  });
});
