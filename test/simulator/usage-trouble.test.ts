import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OTHER_SELLERS_INSTANCE } from '../../src/simulator/open-api/usage-rules.ts';
import type { UsagePushTrouble } from '../../src/simulator/open-api/trouble.ts';
import { eventually } from '../support/eventually.ts';
import { START } from './stage.ts';
import { codes, DAY, HOUR, NEW, openMeteredStage, signed, wire, type MeteredStage } from './usage-stage.ts';

describe('trouble on purpose with the usage push', () => {
  let stage: MeteredStage;
  const record: MeteredStage['record'] = (change) => stage.record(change);
  const push: MeteredStage['push'] = (records, headers) => stage.push(records, headers);
  const kept: MeteredStage['kept'] = () => stage.kept();

  beforeEach(async () => {
    stage = await openMeteredStage();
  });
  afterEach(() => stage.close());

  it.each<[UsagePushTrouble, number, string, readonly (string | null)[]]>([
    ['500', 500, 'MKT.0999', []],
    ['throttled', 406, 'MKT.0250', []],
    ['wrong-signature-reply', 400, 'MKT.0102', []],
    ['other-prefix', 200, 'CBC.0000', [null, null]],
    ['partial', 200, 'MKT.0000', [null, '013']],
  ])('%s', async (usagePush, status, code, held) => {
    stage.market.trouble({ usagePush, times: 1 });
    const records = [record(), record({ begin_time: wire(START + HOUR), end_time: wire(START + 2 * HOUR) })];
    expect(await push(records)).toMatchObject({ status, body: { error_code: code } });
    expect(await kept()).toEqual(held);
    expect((await push(records)).status).toBe(200);
  });

  it('unlisted: bad records are in the books and not in the answer', async () => {
    stage.market.trouble({ usagePush: 'unlisted' });
    expect(await push([record({ usage_value: '0' })])).toEqual({ status: 200, body: { error_code: 'MKT.0000', error_msg: 'success' } });
    expect(await kept()).toEqual(['003']);
  });

  it('all-or-nothing: the first bad record refuses all, by the codes of the older page', async () => {
    stage.market.trouble({ usagePush: 'all-or-nothing' });
    const whole = async (change: Record<string, unknown>) => (await push([record(), record(change)])).body.error_code;
    expect(await whole({ instance_id: 'i-nobody' })).toBe('MKT.9001');
    expect(await whole({ usage_value: '0' })).toBe('MKT.9002');
    expect(await whole({ begin_time: wire(START - 22 * DAY) })).toBe('MKT.9004');
    expect(await whole({ instance_id: OTHER_SELLERS_INSTANCE })).toBe('MKT.0150');
    expect(await kept()).toEqual([]);
  });

  it('hundred: refuses more than older pages allow', async () => {
    stage.market.trouble({ usagePush: 'hundred' });
    expect((await push(Array.from({ length: 101 }, () => record()))).body.error_code).toBe('MKT.9003');
  });

  it('lost-answer: the records are kept, and the repeat is told so', async () => {
    stage.market.trouble({ usagePush: 'lost-answer', times: 1 });
    const sent = record();
    await expect(push([sent])).rejects.toThrow(/fetch failed/);
    expect(await kept()).toEqual([null]);
    expect(codes(await push([sent]))).toEqual(['005']);
  });

  it('slow and html: no answer in time, and one that is no JSON', async () => {
    const body = JSON.stringify({ usage_records: [record()] });
    const send = (signal?: AbortSignal) => fetch(new URL(NEW, stage.market.openApiUrl), { method: 'POST', headers: signed(body, { ts: String(stage.clock.at) }), body, ...(signal === undefined ? {} : { signal }) });
    stage.market.trouble({ usagePush: 'html' });
    expect((await send()).headers.get('content-type')).toBe('text/html');
    stage.market.trouble({ usagePush: 'slow' });
    await expect(send(AbortSignal.timeout(100))).rejects.toThrow(/timeout|aborted/i);
    await eventually(async () => (await kept()).length > 0);
    expect(await kept()).toEqual([null]);
  });

  it('leaves a wrong signature refused, and the order query alone', async () => {
    stage.market.trouble({ usagePush: '500', times: 1 });
    expect((await push([record()], signed('other', { ts: String(stage.clock.at) }))).status).toBe(400);
    expect((await push([record()])).status).toBe(500);
  });
});
