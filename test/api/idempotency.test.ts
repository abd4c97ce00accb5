import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listCommands } from '../../src/store/mailbox.ts';
import { bodies, freshLine } from './bodies.ts';
import { ACCESS, carryOut, instanceIn } from './carry-out.ts';
import { DATABASES, type TestDatabase } from './databases.ts';
import { freshNonce, SECRET, signed, startApi, type RunningApi } from './running-api.ts';

describe.each(DATABASES)('the same call again, on $name', ({ open }) => {
  let on: TestDatabase;
  let api: RunningApi;
  beforeAll(async () => {
    on = await open();
    api = await startApi({ on });
  });
  afterAll(async () => {
    await api.close();
    await on.drop();
  });
  const kinds = async (id: string) => (await listCommands(api.store.em(), id)).map(({ seq, instruction }) => `${seq} ${instruction.kind}`);

  it('a create with another businessId and nonce gets the same id and no second command', async () => {
    const line = freshLine();
    const first = await api.call(bodies.create(line));
    const second = await api.call(bodies.create(line));
    expect(second.json).toEqual(first.json);
    expect(await kinds(String(first.json['instanceId']))).toEqual(['1 create']);
  });

  it('20 simultaneous creates of one line make one instance with one command, and all are told the same', async () => {
    const before = await api.rows();
    const line = freshLine();
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.call(bodies.create(line))));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.code).toBe('000004');
    const after = await api.rows();
    expect([after.instance - before.instance, after.command - before.command, after.call - before.call]).toEqual([1, 1, 20]);
  });

  it('20 simultaneous creates of 20 lines make 20 instances', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.call(bodies.create())));
    expect(new Set(answers.map(({ json }) => json['instanceId'])).size).toBe(20);
  });

  it('20 simultaneous renewals by different orders are numbered without gaps', async () => {
    const id = await instanceIn(api, 'active');
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.call(bodies.refresh(id))));
    expect(answers.every(({ code }) => code === '000000')).toBe(true);
    expect((await listCommands(api.store.em(), id)).map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, n) => n + 1));
  });

  it.each([
    [{ orderId: 'a/b', orderLineId: 'c' }, { orderId: 'a', orderLineId: 'b/c' }],
    [{ orderId: 'a%2Fb', orderLineId: 'c' }, { orderId: 'a/b', orderLineId: 'c' }],
    [{ orderId: 'one-order', orderLineId: '1' }, { orderId: 'one-order', orderLineId: '2' }],
  ])('lines %o and %o never share an instance', async (one, other) => {
    const [first, second] = [await api.call(bodies.create(one)), await api.call(bodies.create(other))];
    expect(first.json['instanceId']).not.toBe(second.json['instanceId']);
  });

  it('a renewal of one order and scene is carried out once, before and after it was', async () => {
    const id = await instanceIn(api, 'active');
    const order = freshLine();
    const answers = [await api.call(bodies.refresh(id, 'RENEWAL', order)), await api.call(bodies.refresh(id, 'RENEWAL', order))];
    await carryOut(api, id);
    answers.push(await api.call(bodies.refresh(id, 'RENEWAL', order)));
    expect(answers.map(({ code }) => code)).toEqual(['000000', '000000', '000000']);
    expect(await kinds(id)).toEqual(['1 create', '2 renew']);
  });

  it('the refund of a renewal is another command, even when it names the same order', async () => {
    const id = await instanceIn(api, 'active');
    const order = freshLine();
    await api.call(bodies.refresh(id, 'RENEWAL', order));
    await api.call(bodies.refresh(id, 'UNSUBSCRIBE_RENEWAL_PERIOD', order, '20260601000000'));
    expect(await kinds(id)).toEqual(['1 create', '2 renew', '3 shorten']);
  });

  it('a freeze twice is one command; freeze, unfreeze, freeze are three', async () => {
    const id = await instanceIn(api, 'active');
    for (const status of ['FREEZE', 'FREEZE', 'UNFREEZE', 'UNFREEZE', 'FREEZE'] as const) {
      api.clock.now += 1_000;
      expect((await api.call(bodies.status(id, status))).code).toBe('000000');
    }
    expect(await kinds(id)).toEqual(['1 create', '2 freeze', '3 unfreeze', '4 freeze']);
  });

  it('a release twice is one command', async () => {
    const id = await instanceIn(api, 'active');
    await api.call(bodies.release(id));
    await api.call(bodies.release(id));
    expect(await kinds(id)).toEqual(['1 create', '2 release']);
  });

  it('a call replayed to the byte is told the same again, even when more has happened since', async () => {
    const line = freshLine();
    const sent = signed(bodies.create(line), { timestamp: String(api.clock.now) });
    const first = await api.send(sent);
    await carryOut(api, String(first.json['instanceId']));
    const replayed = await api.send(sent);
    expect(first.code).toBe('000004');
    expect(replayed.text).toBe(first.text);
    expect((await api.call(bodies.create(line))).code).toBe('000000');
    expect(await kinds(String(first.json['instanceId']))).toEqual(['1 create']);
  });

  it('20 simultaneous sendings of one and the same call are one command', async () => {
    const id = await instanceIn(api, 'active');
    const sent = signed(bodies.refresh(id), { timestamp: String(api.clock.now) });
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.send(sent)));
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['000000']));
    expect(await kinds(id)).toEqual(['1 create', '2 renew']);
  });

  it('a nonce with other bytes is refused and changes nothing', async () => {
    const nonce = freshNonce();
    const id = await instanceIn(api, 'active');
    await api.call(bodies.status(id, 'FREEZE'), { nonce });
    const before = await api.rows();
    const answer = await api.call(bodies.status(id, 'UNFREEZE'), { nonce });
    expect([answer.code, answer.message]).toEqual(['000001', 'nonce was used before with another body']);
    expect(await api.rows()).toEqual({ ...before, refusal: before.refusal + 1 });
  });

  it('a nonce is remembered for ten minutes', async () => {
    const nonce = freshNonce();
    const { now } = api.clock;
    await api.call(bodies.create(), { nonce });
    api.clock.now = now + 10 * 60_000 - 1;
    expect((await api.call(bodies.create(), { nonce })).code).toBe('000001');
    api.clock.now = now + 10 * 60_000;
    expect((await api.call(bodies.create(), { nonce })).code).toBe('000004');
    expect((await api.call(bodies.create(), { nonce })).code).toBe('000001');
    api.clock.now = now;
  });

  it('a replayed query is judged afresh: it never hands out stale access data', async () => {
    const { json } = await api.call(bodies.create());
    const id = String(json['instanceId']);
    const sent = signed(bodies.query(id), { timestamp: String(api.clock.now) });
    expect((await api.send(sent)).code).toBe('000004');
    await carryOut(api, id);
    expect((await api.send(sent)).json['info']).toEqual([{ instanceId: id, appInfo: ACCESS }]);
    await api.call(bodies.status(id, 'FREEZE'));
    await carryOut(api, id);
    expect((await api.send(sent)).json['info']).toEqual([{ instanceId: id, appInfo: { frontEndUrl: ACCESS.frontEndUrl } }]);
  });

  it('a new secret keeps the ids of instances that exist, and opens what the old one sealed', async () => {
    const line = freshLine();
    const id = await instanceIn(api, 'active', line);
    const fresh = freshLine();
    const rotated = await startApi({ on, secrets: ['another secret, the newer one of two', SECRET] });
    try {
      expect((await rotated.call(bodies.create(line))).json).toEqual({ resultCode: '000000', resultMsg: 'success', instanceId: id });
      expect((await rotated.call(bodies.query(id))).json['info']).toEqual([{ instanceId: id, appInfo: ACCESS }]);
      const made = await rotated.call(bodies.create(fresh));
      expect(made.json['instanceId']).not.toBe(api.sealer.instanceId(`${fresh.orderId}/${fresh.orderLineId}`));
      expect((await api.call(bodies.create(fresh))).json['instanceId']).toBe(made.json['instanceId']);
    } finally {
      await rotated.close();
    }
  });
});
