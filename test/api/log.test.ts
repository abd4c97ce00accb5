import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEY } from '../marketplace/signed-call.ts';
import { bodies, freshLine } from './bodies.ts';
import { ACCESS, instanceIn } from './carry-out.ts';
import { DATABASES, type TestDatabase } from './databases.ts';
import { SECRET, signed, startApi, type RunningApi } from './running-api.ts';
import type { Sent } from './wire.ts';

const OLD_KEY = 'kg-test-the-key-before-this-one-0001';
const PERSONAL = ['13800138000', 'buyer@example.com'];

describe.each(DATABASES)('the log, on $name, whatever was called', ({ open }) => {
  let on: TestDatabase;
  let api: RunningApi;
  /** Signatures and nonces of every call of this file. */
  const inputs: string[] = [];
  beforeAll(async () => {
    on = await open();
    api = await startApi({ on, keys: [KEY, OLD_KEY] });
  });
  afterAll(async () => {
    await api.close();
    await on.drop();
  });
  const send = async (sent: Sent): Promise<void> => {
    const query = new URLSearchParams(sent.target.split('?')[1]);
    inputs.push(...[query.get('signature'), query.get('nonce')].filter((value) => value !== null));
    await api.send(sent);
  };

  it('calls of every kind are answered', async () => {
    const id = await instanceIn(api, 'active');
    const all = [bodies.create(), bodies.query(id), bodies.refresh(id), bodies.status(id, 'FREEZE'), bodies.upgrade(id), bodies.check(id), bodies.release(id)];
    for (const body of all) {
      await send(signed(body));
      await send(signed({ ...body, testFlag: '1' }));
      await send(signed(body, { key: OLD_KEY }));
    }
    expect(api.log.filter((line) => line.includes('call answered')).length).toBeGreaterThan(20);
  });

  it('bad calls are refused, with personal data and keys in wrong places', async () => {
    const good = signed(bodies.create());
    await send(good);
    await send({ ...signed({ ...bodies.create(), mobilePhone: PERSONAL[0], email: PERSONAL[1] }, { key: 'wrong' }) });
    await send(signed({ ...bodies.create(), orderId: PERSONAL.join().repeat(10) }));
    await send({ ...good, target: `${good.target}&accessKey=${KEY}&password=${ACCESS.password}` });
    await send({ ...good, body: Buffer.from(JSON.stringify(bodies.create())) });
    await send({ ...good, method: 'GET' });
    await send({ ...good, target: good.target.replace('saas', 'other') });
    await send({ ...good, body: new Uint8Array(300_000) });
    expect(api.log.filter((line) => line.includes('call refused')).length).toBeGreaterThanOrEqual(6);
  });

  it('a database that fails in the middle of a call says which way', async () => {
    await api.store.em().getConnection().execute('alter table "call" rename to "elsewhere"');
    await send(signed(bodies.create(freshLine())));
    await api.store.em().getConnection().execute('alter table "refusal" rename to "somewhere"');
    await send(signed(bodies.create(), { key: 'wrong' }));
    expect(api.log.filter((line) => line.includes('could not be'))).toHaveLength(2);
  });

  it('holds no key, no secret, no password, no personal data and no input of a signature', () => {
    const text = api.log.join('');
    expect(inputs.length).toBeGreaterThan(50);
    for (const secret of [KEY, OLD_KEY, SECRET, ACCESS.password, ...PERSONAL, ...inputs]) expect(text).not.toContain(secret);
  });

  it('is one JSON object a line', () => {
    for (const line of api.log) expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number), msg: expect.any(String) });
  });
});
