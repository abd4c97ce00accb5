import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findInstances } from '../../src/store/instances.ts';
import { recordCall } from '../../src/store/journal.ts';
import { dropSealed, getSealed, putSealed } from '../../src/store/sealed.ts';
import { createSealer, SealBroken } from '../../src/store/sealer.ts';
import { onBoth } from './databases.ts';
import { callRow, create, NOW } from './samples.ts';

const sealer = createSealer(['first-secret']);
const access = JSON.stringify({ frontEndUrl: 'https://app.example/t', userName: 'admin', password: 'p@ss-云-🧡' });

describe('a sealer', () => {
  it('opens what it sealed, of any length and any letters, and never seals twice alike', () => {
    for (const text of ['', 'x', access, '\0\ud7ff'.repeat(10_000)]) expect(sealer.open(sealer.seal(text, 'c'), 'c')).toBe(text);
    expect(sealer.seal(access, 'c')).not.toBe(sealer.seal(access, 'c'));
    expect(sealer.seal(access, 'c')).not.toContain('p@ss');
  });

  it('refuses what was sealed for another instance or another kind', () => {
    const sealed = sealer.seal(access, 'access/i-1');
    expect(() => sealer.open(sealed, 'access/i-2')).toThrow(SealBroken);
    expect(() => sealer.open(sealed, 'order/i-1')).toThrow(SealBroken);
  });

  it('refuses what another secret sealed, and says which secret must be there', () => {
    const stranger = createSealer(['other-secret']);
    expect(() => stranger.open(sealer.seal(access, 'c'), 'c')).toThrow(/KOOKEEPER_SECRET must still contain/);
  });

  it('refuses every changed byte and every cut text', () => {
    const sealed = sealer.seal('short', 'c');
    const [version, key, text = ''] = sealed.split('.');
    const bytes = Buffer.from(text, 'base64url');
    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => sealer.open(`${version}.${key}.${changed.toString('base64url')}`, 'c')).toThrow(SealBroken);
    }
    for (const length of bytes.keys()) expect(() => sealer.open(`${version}.${key}.${bytes.subarray(0, length).toString('base64url')}`, 'c')).toThrow(SealBroken);
    for (const broken of ['', '.', 'v1', `v1.${key}`, `v2.${key}.${text}`, access]) expect(() => sealer.open(broken, 'c')).toThrow(SealBroken);
  });

  it('seals with the first secret and opens with all of them', () => {
    const rotated = createSealer(['second-secret', 'first-secret']);
    const afterwards = createSealer(['second-secret']);
    expect(rotated.open(sealer.seal(access, 'c'), 'c')).toBe(access);
    expect(afterwards.open(rotated.seal(access, 'c'), 'c')).toBe(access);
    expect(() => sealer.open(rotated.seal(access, 'c'), 'c')).toThrow(SealBroken);
    expect(() => afterwards.open(sealer.seal(access, 'c'), 'c')).toThrow(SealBroken);
  });

  it('derives ids that are the same for a line, different for two, and say nothing', () => {
    expect(sealer.instanceId('CS1/CS1-1')).toBe(createSealer(['first-secret', 'second-secret']).instanceId('CS1/CS1-1'));
    expect(sealer.instanceId('CS1/CS1-1')).toMatch(/^[0-9a-f]{32}$/);
    expect(sealer.instanceId('CS1/CS1-1')).not.toBe(sealer.instanceId('CS1/CS1-2'));
    expect(sealer.instanceId('CS1/CS1-1')).not.toBe(createSealer(['second-secret']).instanceId('CS1/CS1-1'));
  });

  it('knows the ids it gave to probes, also after a rotation, and no others', () => {
    const probe = sealer.probeId('MOCK1/MOCK1-1');
    expect(probe.length).toBeLessThanOrEqual(64);
    expect(sealer.isProbeId(probe)).toBe(true);
    expect(createSealer(['second-secret', 'first-secret']).isProbeId(probe)).toBe(true);
    expect(createSealer(['second-secret']).isProbeId(probe)).toBe(false);
    for (const other of [sealer.instanceId('MOCK1/MOCK1-1'), `${probe}0`, probe.replace(/.$/, (last) => (last === '0' ? '1' : '0')), '']) expect(sealer.isProbeId(other)).toBe(false);
  });

  it('needs a secret', () => {
    expect(() => createSealer([])).toThrow(RangeError);
  });
});

onBoth('sealed data', (database) => {
  it('come back as they were, the two kinds apart, the newest for each', async () => {
    expect(await getSealed(database.em(), sealer, 'i-1', 'access')).toBeNull();
    await putSealed(database.em(), sealer, 'i-1', 'access', 'older', NOW);
    await putSealed(database.em(), sealer, 'i-1', 'access', access, NOW + 1);
    await putSealed(database.em(), sealer, 'i-1', 'order', '{"buyerInfo":{}}', NOW);
    expect(await getSealed(database.em(), sealer, 'i-1', 'access')).toBe(access);
    expect(await getSealed(database.em(), sealer, 'i-1', 'order')).toBe('{"buyerInfo":{}}');
    expect(await getSealed(database.em(), sealer, 'i-2', 'access')).toBeNull();
  });

  it('do not open in another row', async () => {
    await putSealed(database.em(), sealer, 'i-1', 'access', access, NOW);
    await database.em().getConnection().execute("update sealed set instance_id = 'i-2'");
    await expect(getSealed(database.em(), sealer, 'i-2', 'access')).rejects.toThrow(SealBroken);
  });

  it('are gone with the tenant, the neighbour’s are not', async () => {
    await putSealed(database.em(), sealer, 'i-1', 'access', access, NOW);
    await putSealed(database.em(), sealer, 'i-1', 'order', 'personal', NOW);
    await putSealed(database.em(), sealer, 'i-2', 'access', access, NOW);
    await dropSealed(database.em(), 'i-1');
    expect(await getSealed(database.em(), sealer, 'i-1', 'access')).toBeNull();
    expect(await getSealed(database.em(), sealer, 'i-1', 'order')).toBeNull();
    expect(await getSealed(database.em(), sealer, 'i-2', 'access')).toBe(access);
  });

  it('stand nowhere in the database in the clear', async () => {
    const password = `password-${randomUUID()}`;
    const phone = `phone-${randomUUID()}`;
    const known = `known-${randomUUID()}`;
    const row = await create(database.store);
    await putSealed(database.em(), sealer, 'instance-1', 'access', JSON.stringify({ userName: 'admin', password }), NOW);
    await putSealed(database.em(), sealer, 'instance-1', 'order', JSON.stringify({ buyerInfo: { phone } }), NOW);
    await recordCall(database.em(), callRow({ body: known }));
    expect(await findInstances(database.em(), sealer, [row?.id ?? ''])).toMatchObject([{ access: expect.stringContaining(password) }]);
    let raw: string;
    if (database.at.kind === 'sqlite') {
      const folder = dirname(database.at.file);
      const files = await readdir(folder);
      expect(files).toContain('kookeeper.db-wal');
      raw = Buffer.concat(await Promise.all(files.map((file) => readFile(join(folder, file))))).toString('latin1');
    } else {
      const rows = await database.em().getConnection().execute("select (select jsonb_agg(to_jsonb(s)) from sealed s)::text || (select jsonb_agg(to_jsonb(c)) from call c)::text as text");
      raw = JSON.stringify(rows);
    }
    expect(raw).toContain(known);
    for (const secret of [password, phone]) {
      expect(raw).not.toContain(secret);
      for (const offset of [0, 1, 2]) expect(raw).not.toContain(Buffer.from(secret.slice(offset, offset + 24)).toString('base64url'));
    }
  });
});
