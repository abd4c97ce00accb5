import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signUsage, usageTextsSigned } from '../../src/marketplace/signing/usage-signature.ts';
import { OTHER_SELLERS_INSTANCE } from '../../src/simulator/open-api/usage-rules.ts';
import { json } from './seller.ts';
import { KEY, SK, STANDARD, START } from './stage.ts';
import { authorised, codes, DAY, HOUR, NEW, OLD, OLDEST, openMeteredStage, signed, wire, type MeteredStage } from './usage-stage.ts';

describe('the usage push of the market', () => {
  let stage: MeteredStage;
  const record: MeteredStage['record'] = (change) => stage.record(change);
  const push: MeteredStage['push'] = (records, headers) => stage.push(records, headers);
  const kept: MeteredStage['kept'] = () => stage.kept();

  beforeEach(async () => {
    stage = await openMeteredStage();
  });
  afterEach(() => stage.close());
  const codeOf = async (change: Record<string, unknown>): Promise<string | undefined> => codes(await push([record(change)]))[0];

  it('keeps a good record and answers as the page does', async () => {
    const sent = record();
    expect(await push([sent])).toEqual({ status: 200, body: { error_code: 'MKT.0000', error_msg: 'success' } });
    expect(await stage.market.usage()).toEqual([
      expect.objectContaining({
        at: stage.clock.at,
        pushedBy: 'new',
        instanceId: stage.instance,
        productId: null,
        beginTime: '20261121T093000Z',
        endTime: '20261121T103000Z',
        value: '99',
        meteringSn: sent['metering_sn'],
        packageInstanceId: null,
        code: null,
        remark: null,
      }),
    ]);
    expect(stage.market.openApiCalls()).toEqual([{ at: stage.clock.at, api: 'usage-push', orderId: null, orderLineId: null, status: 200, code: 'MKT.0000' }]);
  });

  describe('the signature', () => {
    const refusal = async (headers: (body: string) => Record<string, string>): Promise<readonly [number, string]> => {
      const body = JSON.stringify({ usage_records: [record()] });
      const { status, body: told } = await stage.post(NEW, body, headers(body));
      expect(await kept()).toEqual([]);
      return [status, told.error_code];
    };
    const ts = (): string => String(stage.clock.at);

    it('is refused with another key, over another body, with AK/SK in its place, and when it is missing', async () => {
      expect(await refusal((body) => signed(body, { key: SK, ts: ts() }))).toEqual([400, 'MKT.0102']);
      expect(await refusal((body) => signed(`${body} `, { ts: ts() }))).toEqual([400, 'MKT.0102']);
      expect(await refusal((body) => ({ ...signed(body, { ts: ts() }), nonce: 'other' }))).toEqual([400, 'MKT.0102']);
      expect(await refusal((body) => authorised(new URL(stage.market.openApiUrl).host, NEW, body, stage.clock.at))).toEqual([400, 'MKT.0199']);
    });

    it('is refused with a time in seconds, and more than 15 minutes away', async () => {
      expect(await refusal((body) => signed(body, { ts: ts().slice(0, 10) }))).toEqual([500, 'MKT.0100']);
      for (const away of [-15 * 60_000 - 1, 15 * 60_000 + 1]) expect(await refusal((body) => signed(body, { ts: String(stage.clock.at + away) }))).toEqual([400, 'MKT.0199']);
    });

    it('may cover the body as it is or sorted, and a record says when it would not hold in every reading', async () => {
      const { begin_time, ...others } = record();
      const unsorted = JSON.stringify({ usage_records: [{ ...others, begin_time }] });
      expect((await stage.post(NEW, unsorted, signed(unsorted, { ts: ts() }))).status).toBe(200);
      const spaced = JSON.stringify({ usage_records: [record({ begin_time: wire(START + HOUR), end_time: wire(START + 2 * HOUR) })] }, null, 1);
      expect((await stage.post(NEW, spaced, signed(JSON.stringify(JSON.parse(spaced)), { ts: ts() }))).status).toBe(200);
      expect((await stage.market.usage()).map(({ remark }) => remark)).toEqual([
        expect.stringContaining('as sent and top level sorted only'),
        expect.stringContaining('top level sorted and every level sorted only'),
      ]);
    });

    it('holds with the key before a rotation for ten minutes, and with the next one at once', async () => {
      const before = stage.clock.at;
      stage.market.rotateKey('kg-next-0123456789abcdef');
      const status = async (key: string): Promise<number> => {
        const body = JSON.stringify({ usage_records: [record()] });
        return (await stage.post(NEW, body, signed(body, { key, ts: ts() }))).status;
      };
      stage.clock.at = before + 10 * 60_000 - 1;
      expect([await status(KEY), await status('kg-next-0123456789abcdef')]).toEqual([200, 200]);
      stage.clock.at = before + 10 * 60_000;
      expect([await status(KEY), await status('kg-next-0123456789abcdef')]).toEqual([400, 200]);
    });

    it('is the same as one made in Python', async () => {
      const body = '{"usage_records":[{"usage_value":"1"}]}';
      const program = 'import base64,hashlib,hmac,sys\nk,t,n,b=sys.argv[1:]\nprint(base64.b64encode(hmac.new(k.encode(),f"ts={t}&nonce={n}&body={b}".encode(),hashlib.sha256).digest()).decode())';
      const { stdout } = await promisify(execFile)('python3', ['-c', program, KEY, '1709690865879', 'n-1', body]);
      expect(signUsage(KEY, '1709690865879', 'n-1', body)).toBe(stdout.trim());
      expect(usageTextsSigned(stdout.trim(), KEY, '1709690865879', 'n-1', body)).toHaveLength(3);
    });
  });

  describe('a record', () => {
    it.each<[string, string, () => Record<string, unknown>]>([
      ['001', 'of an unknown instance', () => ({ instance_id: 'i-nobody' })],
      ['001', 'of an unknown package', () => ({ relate_pkg_instance: 'i-nobody' })],
      ['001', 'of a package that is none', () => ({ relate_pkg_instance: stage.instance })],
      ['002', 'with a time without T and Z', () => ({ begin_time: '20261121093000' })],
      ['002', 'with a day that does not exist', () => ({ end_time: '20261131T093000Z' })],
      ['002', 'without a record time', () => ({ record_time: undefined })],
      ['003', 'of nothing', () => ({ usage_value: '0' })],
      ['003', 'below nothing', () => ({ usage_value: '-1' })],
      ['003', 'with five decimals', () => ({ usage_value: '1.00001' })],
      ['003', 'with nine digits', () => ({ usage_value: '123456789' })],
      ['003', 'without usage', () => ({ usage_value: undefined })],
      ['004', 'without metering_sn', () => ({ metering_sn: undefined })],
      ['007', 'that began more than 21 days ago', () => ({ begin_time: wire(START - 22 * DAY), end_time: wire(START - 22 * DAY + HOUR) })],
      ['009', "of another seller's instance", () => ({ instance_id: OTHER_SELLERS_INSTANCE })],
      ['011', 'that ends before it begins', () => ({ begin_time: wire(START + HOUR), end_time: wire(START) })],
      ['011', 'that ends in the future', () => ({ end_time: wire(START + 3 * HOUR + 1_000) })],
      ['015', 'that begins before the purchase', () => ({ begin_time: wire(START - 1_000) })],
    ])('gets %s %s', async (code, _what, change) => {
      expect(await codeOf(change())).toBe(code);
      expect(await kept()).toEqual([code]);
    });

    it('is good with a number for its usage, four decimals, and a package that was bought', async () => {
      const relate = await stage.bought('ON_DEMAND_PKG');
      stage.clock.at += HOUR;
      const hours = (from: number) => ({ begin_time: wire(START + from * HOUR), end_time: wire(START + (from + 1) * HOUR) });
      expect(codes(await push([record({ usage_value: 12.5 }), record({ ...hours(1), usage_value: '12345678.1234', relate_pkg_instance: relate })]))).toEqual([]);
      expect((await stage.market.usage()).map(({ value, packageInstanceId }) => [value, packageInstanceId])).toEqual([['12.5', null], ['12345678.1234', relate]]);
    });

    it('gets 012 for what is not sold by use', async () => {
      for (const mode of ['PERIOD', 'ON_DEMAND_PKG'] as const) expect(await codeOf({ instance_id: await stage.bought(mode) })).toBe('012');
    });

    it('is taken once: 005 for its number again, 010 for its hours again', async () => {
      expect(await codeOf({ metering_sn: 'sn-1' })).toBeUndefined();
      expect(await codeOf({ metering_sn: 'sn-1' })).toBe('005');
      expect(await codeOf({ metering_sn: 'sn-2', usage_value: '1' })).toBe('010');
      expect(codes(await push([record({ metering_sn: 'sn-3', begin_time: wire(START + HOUR), end_time: wire(START + 2 * HOUR) }), record({ metering_sn: 'sn-3', begin_time: wire(START + HOUR), end_time: wire(START + 2 * HOUR) })]))).toEqual(['005']);
      expect(await kept()).toEqual([null, '005', '010', null, '005']);
    });

    it('that was refused may be reported again under the same number', async () => {
      expect(await codeOf({ metering_sn: 'sn-1', usage_value: '0' })).toBe('003');
      expect(await codeOf({ metering_sn: 'sn-1' })).toBeUndefined();
    });

    it('is taken once of two pushes at the same moment', async () => {
      const sent = record();
      const answers = await Promise.all([push([sent]), push([sent])]);
      expect(answers.flatMap(codes)).toEqual(['005']);
      expect((await kept()).filter((code) => code === null)).toHaveLength(1);
    });

    it('gets 013 for use while frozen, 014 for use after the release, and neither for use before', async () => {
      await stage.market.freeze(stage.instance);
      stage.clock.at += HOUR;
      const before = { begin_time: wire(START), end_time: wire(START + 3 * HOUR) };
      const after = { begin_time: wire(START + 2 * HOUR), end_time: wire(START + 4 * HOUR) };
      expect([await codeOf(after), await codeOf(before)]).toEqual(['013', undefined]);
      await stage.market.release(stage.instance);
      stage.clock.at += HOUR;
      const closed = { begin_time: wire(START + 3 * HOUR), end_time: wire(START + 5 * HOUR) };
      expect([await codeOf(closed), await codeOf(after)]).toEqual(['014', undefined]);
    });

    it('gets 006 once the product is off sale', { timeout: 60_000 }, async () => {
      stage.seller.answer((_, response) => json(response, { resultCode: '000005', resultMsg: 'no' }));
      for (let failed = 0; failed < 6; failed += 1) await stage.market.buy(STANDARD);
      while ((await stage.market.platform!.gauge()).trading === 'on-sale') {
        stage.clock.at = (await stage.market.platform!.nextDue())!;
        await stage.market.platform!.runDue();
      }
      expect(await codeOf({})).toBe('006');
    });
  });

  describe('a push', () => {
    const refused = async (body: unknown): Promise<readonly [number, string]> => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const { status, body: told } = await stage.post(NEW, text, signed(text, { ts: String(stage.clock.at) }));
      return [status, told.error_code];
    };

    it('takes a thousand records and refuses one more', async () => {
      const many = (count: number) => Array.from({ length: count }, (_, index) => record({ begin_time: wire(START + index * 1_000), end_time: wire(START + (index + 1) * 1_000) }));
      const full = await push(many(1_000));
      expect([full.status, codes(full)]).toEqual([200, []]);
      expect((await push(many(1_001))).body.error_code).toBe('MKT.9003');
      expect(await kept()).toHaveLength(1_000);
    });

    it('is refused whole for what is no list of records of this interface, and keeps nothing', async () => {
      expect(await refused('[]')).toEqual([500, 'MKT.0100']);
      expect(await refused({})).toEqual([400, 'MKT.0199']);
      expect(await refused({ usage_records: [] })).toEqual([400, 'MKT.0199']);
      expect(await refused({ usage_records: [record()], more: 1 })).toEqual([400, 'MKT.0101']);
      expect(await refused({ usage_records: [record(), record({ product_id: 'p' })] })).toEqual([400, 'MKT.0101']);
      expect(await refused({ usage_records: [record({ instance_id: undefined })] })).toEqual([400, 'MKT.0101']);
      expect(await refused({ usage_records: ['record'] })).toEqual([500, 'MKT.0100']);
      expect(await refused({ usage_records: [record({ metering_sn: 'x'.repeat(65) })] })).toEqual([500, 'MKT.0100']);
      expect(await refused({ usage_records: [record({ metering_sn: 'a\0b' })] })).toEqual([500, 'MKT.0100']);
      expect(await kept()).toEqual([]);
    });

    it('takes the good records beside the bad ones, which the answer names', async () => {
      const bad = record({ usage_value: '0', metering_sn: 'bad', begin_time: wire(START + HOUR), end_time: wire(START + 2 * HOUR) });
      const { status, body } = await push([record(), bad]);
      expect([status, body.error_code]).toEqual([200, 'MKT.0000']);
      expect(body.data?.abnormal_usage_data).toEqual([expect.objectContaining({ instance_id: stage.instance, metering_sn: 'bad', error_code: '003' })]);
      expect(await kept()).toEqual([null, '003']);
    });
  });

  describe('the older generations', () => {
    const host = (): string => new URL(stage.market.openApiUrl).host;

    it('are signed with AK/SK, have no number, and name no bad record', async () => {
      const old = { ...record({ metering_sn: undefined }), product_id: STANDARD.productId };
      const body = JSON.stringify({ usage_records: [old, { ...old, product_id: 'other' }] });
      expect(await stage.post(OLD, body, authorised(host(), OLD, body, stage.clock.at))).toEqual({ status: 200, body: { error_code: 'MKT.0000', error_msg: 'success' } });
      expect(await kept()).toEqual([null, '001']);
      expect(await stage.post(OLD, body, authorised(host(), OLD, body, stage.clock.at, 'wrong'))).toMatchObject({ status: 401, body: { error_code: 'APIGW.0301' } });
      expect(await stage.post(OLD, body, signed(body, { ts: String(stage.clock.at) }))).toMatchObject({ status: 401 });
    });

    it('of 2018 nests the usage', async () => {
      const body = JSON.stringify({ usageRecords: [{ instanceId: stage.instance, recordTime: wire(START + HOUR), beginTime: wire(START), endTime: wire(START + HOUR), usageEntity: { times: '3524' } }] });
      expect((await stage.post(OLDEST, body, authorised(host(), OLDEST, body, stage.clock.at))).status).toBe(200);
      expect(await stage.market.usage()).toMatchObject([{ pushedBy: 'oldest', value: '3524', code: null }]);
    });
  });
});
