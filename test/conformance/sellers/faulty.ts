import { createHash, createHmac } from 'node:crypto';
import { answering, writing, type Faulty } from './fault.ts';
import { ONE_ACTIVITY } from './one-activity.ts';
import { HONEST, instants, refusal, sorted, success, written, type Answer, type Body, type Parts } from './honest.ts';

const reserialised = (raw: Buffer): string => {
  try {
    return JSON.stringify(JSON.parse(raw.toString()));
  } catch {
    return raw.toString();
  }
};
const resorted = (raw: Buffer): string => {
  try {
    return sorted(raw);
  } catch {
    return raw.toString();
  }
};
const skipping = (code: string): Partial<Parts> => ({ parts: (query) => (HONEST.parts(query)?.resultMsg?.startsWith(code) ? null : HONEST.parts(query)) });
const lookingUp = (activity: string): Partial<Parts> => answering(activity, () => refusal('000003', 'instance does not exist'));

/** One seller a mistake: each seen in public sellers' code, made by a framework or proxy, or warned of by a page. */
export const FAULTY: readonly Faulty[] = [
  ...ONE_ACTIVITY,
  // Signing
  { name: 'plain hash instead of HMAC for the body', faults: { inner: (_, payload) => createHash('sha256').update(payload).digest('hex') }, caughtBy: ['auth.valid'], mistake: 'inner-plain-hash' },
  { name: 'inner digest in upper case', faults: { inner: (key, payload) => createHmac('sha256', key).update(payload).digest('hex').toUpperCase() }, caughtBy: ['auth.valid'], mistake: 'inner-upper-case' },
  { name: 'rule of the joint-operation kit', faults: { inner: (_, payload) => payload.toString() }, caughtBy: ['auth.valid'], mistake: 'kit-rule' },
  {
    name: 'signature not checked',
    faults: { sameHex: () => true },
    caughtBy: ['auth.wrong-key', 'auth.empty-key', 'auth.tampered-body', 'auth.tampered-stamp', 'auth.tampered-nonce', 'auth.cut-signature', 'auth.nonce-forged', 'body.proto-signature'],
  },
  { name: 'signature compared by its beginning', faults: { sameHex: (given, computed) => computed.startsWith(given.toLowerCase()) }, caughtBy: ['auth.cut-signature'] },
  { name: 'signature compared with regard to case', faults: { sameHex: (given, computed) => given === computed.toUpperCase() }, caughtBy: ['auth.small-letters'] },
  { name: 'missing signature let through', faults: { ...skipping('signature'), sameHex: (given, computed) => given === '' || HONEST.sameHex(given, computed) }, caughtBy: ['auth.no-signature', 'auth.empty-signature'] },
  { name: 'body re-serialised, unsorted', faults: { payloads: (raw) => [reserialised(raw)] }, caughtBy: ['body.sorted-after', 'body.blanks', 'body.escapes', 'body.numbers'] },
  { name: 'body re-sorted, the raw bytes never tried', faults: { payloads: (raw) => [resorted(raw)] }, caughtBy: ['body.unsorted', 'body.blanks', 'body.escapes', 'body.numbers'] },
  { name: 'raw bytes alone', faults: { payloads: (raw) => [raw] }, caughtBy: ['body.sorted-after'] },
  { name: 'body read as Latin-1', faults: { payloads: (raw) => [raw.toString('latin1'), resorted(raw).replaceAll(/[^\x20-\x7e]/g, '?')] }, caughtBy: ['body.chinese'] },
  // Clock and nonce
  { name: 'one-sided clock', faults: { fresh: (stamp, now) => /^[0-9]{10,13}$/.test(stamp) && now - instants(stamp) <= 60_000 }, caughtBy: ['auth.future-stamp', 'auth.future-stamp-seconds'] },
  { name: 'stamp compared as NaN', faults: { fresh: (stamp, now) => !(Math.abs(now - instants(stamp)) > 60_000) }, caughtBy: ['auth.text-stamp'] },
  { name: 'no clock', faults: { fresh: (stamp) => /^[0-9]+$/.test(stamp) }, caughtBy: ['auth.old-stamp', 'auth.future-stamp', 'auth.old-stamp-seconds', 'auth.future-stamp-seconds'] },
  { name: 'milliseconds only', faults: { fresh: (stamp, now) => HONEST.fresh(stamp, now) && stamp.length === 13 }, caughtBy: ['auth.seconds'] },
  { name: 'window of 5 s', faults: { fresh: (stamp, now) => HONEST.fresh(stamp, now) && Math.abs(now - instants(stamp)) < 5_000 }, caughtBy: ['auth.drift'] },
  { name: 'missing timestamp let through', faults: { ...skipping('timestamp'), fresh: (stamp, now) => stamp === '' || HONEST.fresh(stamp, now) }, caughtBy: ['auth.no-stamp'] },
  { name: 'missing nonce let through', faults: skipping('nonce'), caughtBy: ['auth.no-nonce'] },
  { name: 'nonce not checked', faults: { nonce: () => true }, caughtBy: ['auth.nonce-other-body'] },
  { name: 'nonce under a unique index whose error nobody catches', faults: { nonce: insertOnce }, caughtBy: ['auth.nonce-other-body', 'auth.nonce-same-body'] },
  { name: 'nonce burnt before the signature is verified', faults: { parts: burnFirst() }, caughtBy: ['auth.nonce-forged'] },
  { name: 'nonce of 64 hex digits alone', faults: { parts: (query) => HONEST.parts(query) ?? (/^[0-9A-F]{64}$/i.test(query.get('nonce') ?? '') ? null : refusal('000002', 'nonce is none')) }, caughtBy: ['auth.nonce-forms'] },
  // The envelope
  { name: 'HTTP 401 on a bad signature', faults: writing(({ resultCode }) => (resultCode === '000001' ? 401 : 200)), caughtBy: ['envelope.status-bad-signature', 'envelope.status-missing-parameter'] },
  { name: 'HTTP 400 for a parameter that is missing', faults: writing(({ resultMsg }) => (resultMsg === 'signature is missing' ? 400 : 200)), caughtBy: ['envelope.status-missing-parameter'] },
  { name: 'HTTP 400 for a member of another type', faults: { members: (body) => (typeof body['businessId'] === 'object' ? refusal('000002', 'must be text') : HONEST.members(body)), ...writing(({ resultMsg }) => (resultMsg === 'must be text' ? 400 : 200)) }, caughtBy: ['envelope.status-wrong-type'] },
  { name: 'HTTP 500 for bytes that are no UTF-8', faults: { parse: (raw) => HONEST.parse(Buffer.from(new TextDecoder('utf-8', { fatal: true }).decode(raw))) }, caughtBy: ['envelope.status-broken-text'] },
  {
    name: 'HTTP 400 on a wrong parameter',
    faults: writing(({ resultCode }) => (resultCode === '000002' ? 400 : 200)),
    caughtBy: ['stale-stamp', 'missing-member', 'unknown-activity', 'broken-json', 'empty-body', 'json-array', 'nested-deep', 'oversized'].map((path) => `envelope.status-${path}`),
  },
  { name: 'HTTP 413 on a large body', faults: writing(({ resultMsg }) => (resultMsg === 'body is too large' ? 413 : 200)), caughtBy: ['envelope.status-oversized'] },
  {
    name: 'a page of the proxy for a large body',
    faults: { write: (answer) => (answer.resultMsg === 'body is too large' ? { status: 413, contentType: 'text/html', text: '<html><h1>413 Request Entity Too Large</h1></html>' } : written(answer)) },
    caughtBy: ['envelope.status-oversized', 'envelope.content-type', 'envelope.json'],
  },
  { name: 'HTTP 500 on broken JSON', faults: { parse: (raw) => (raw.length > 0 && raw[0] !== 0x5b && HONEST.parse(raw) === null ? JSON.parse(raw.toString()) : HONEST.parse(raw)) as Body | null }, caughtBy: ['envelope.status-broken-json'] },
  { name: 'no content type', faults: writing(() => 200, null), caughtBy: ['envelope.content-type'] },
  { name: 'content type text/html', faults: writing(() => 200, 'text/html;charset=utf-8'), caughtBy: ['envelope.content-type'] },
  { name: 'no resultMsg', faults: writing(() => 200, 'application/json', (answer) => JSON.stringify({ ...answer, resultMsg: undefined })), caughtBy: ['envelope.result-msg'] },
  { name: 'refusals as plain text', faults: writing(() => 200, 'application/json', (answer) => (answer.resultMsg === 'body is no JSON object' ? 'Bad Request' : JSON.stringify(answer))), caughtBy: ['envelope.json'] },
  { name: 'refusals with a code of its own', faults: writing(() => 200, 'application/json', (answer) => (answer.resultMsg === 'body is no JSON object' ? '{"resultCode":-1,"resultMsg":"bad"}' : JSON.stringify(answer))), caughtBy: ['envelope.result-code'] },
  { name: 'a stale stamp called a bad signature', faults: writing(() => 200, 'application/json', (answer) => JSON.stringify(answer.resultMsg === 'timestamp is stale' ? refusal('000001', 'stale') : answer)), caughtBy: ['codes.stamp'] },
  // Members
  { name: 'unknown activity answered with success', faults: { members: (body) => (body['activity'] === 'noSuchActivity' ? null : HONEST.members(body)) }, caughtBy: ['members.activity'] },
  { name: 'testFlag looked at before the members', faults: { members: ({ status: _status, scene: _scene, expireTime: _time, ...body }) => (HONEST.members(body)?.resultMsg === 'activity is unknown' ? HONEST.members(body) : null) }, caughtBy: ['members.newInstance', 'members.queryInstance', 'members.refreshInstance', 'members.updateInstanceStatus', 'members.releaseInstance', 'members.upgradeInstance', 'members.changeInstanceCheck', 'members.empty', 'members.scene', 'members.status', 'members.expire-time'] },
  { name: 'breaks on __proto__', faults: { parse: (raw) => (raw.includes('"__proto__"') ? (JSON.parse('{') as Body) : HONEST.parse(raw)) }, caughtBy: ['body.proto'] },
  // Probes
  { name: 'no instanceId on a debugging create', faults: answering('newInstance', () => success()), caughtBy: ['probe.newInstance'] },
  { name: 'no info on a debugging query', faults: answering('queryInstance', () => success()), caughtBy: ['probe.queryInstance'] },
  { name: 'releases looked up', faults: lookingUp('releaseInstance'), caughtBy: ['probe.releaseInstance', 'probe.repeat-release', 'probe.release-without-order'] },
  { name: 'second freeze refused', faults: repeatedFreeze(), caughtBy: ['probe.repeat-freeze', 'probe.repeat-unfreeze'] },
  { name: 'release needs an order', faults: answering('releaseInstance', (body, usual) => (body['orderId'] ? usual : refusal('000002', 'orderId is missing'))), caughtBy: ['probe.release-without-order'] },
  { name: 'RENEWAL_CHANGE of 2025 unknown', faults: answering('refreshInstance', (body, usual) => (body['scene'] === 'RENEWAL_CHANGE' ? refusal('000002', 'scene is unknown') : usual)), caughtBy: ['probe.scene-renewal-change'] },
  { name: 'expireTime of 17 digits refused', faults: answering('refreshInstance', (body, usual) => (String(body['expireTime']).length === 17 ? refusal('000002', 'expireTime is too long') : usual)), caughtBy: ['probe.refreshInstance'] },
  { name: 'strict about members it does not know', faults: answering('newInstance', (body, usual) => (body['addedLater'] === undefined ? usual : refusal('000002', 'unknown member'))), caughtBy: ['probe.later-member'] },
  // Queries
  { name: '101 ids answered', faults: answering('queryInstance', (body) => success({ info: String(body['instanceId']).split(',').map((instanceId) => ({ instanceId })) })), caughtBy: ['query.hundred-one-ids'] },
  { name: 'only the first of many ids answered', faults: answering('queryInstance', (_, usual) => (Array.isArray(usual['info']) ? { ...usual, info: usual['info'].slice(0, 1) } : usual)), caughtBy: ['query.hundred-ids'] },
  { name: 'ids longer than 64 characters', faults: answering('newInstance', (body, usual) => ({ ...usual, instanceId: `${'i'.repeat(80)}-${String(body['orderLineId'])}` })), caughtBy: ['query.create-id-length'] },
  { name: 'a password longer than 128 characters', faults: answering('queryInstance', (_, usual) => (usual['info'] === undefined ? usual : { ...usual, info: (usual['info'] as Body[]).map((entry) => ({ ...entry, appInfo: { frontEndUrl: 'https://example.com', password: 'x'.repeat(200) } })) })), caughtBy: ['query.lengths'] },
  { name: 'access data encrypted as in V1.0', faults: answering('queryInstance', (_, usual) => ({ ...usual, encryptType: '1' })), caughtBy: ['query.encrypt-type'] },
  { name: 'usage without its time', faults: answering('queryInstance', (_, usual) => (usual['info'] === undefined ? usual : { ...usual, info: (usual['info'] as Body[]).map((entry) => ({ ...entry, usageInfo: [{ usageValue: 1.5 }] })) })), caughtBy: ['probe.queryInstance'] },
  { name: 'usage told with its unit', faults: answering('queryInstance', (_, usual) => (usual['info'] === undefined ? usual : { ...usual, info: (usual['info'] as Body[]).map((entry) => ({ ...entry, usageInfo: [{ usageValue: '12 GB', statisticalTime: '20260101000000000' }] })) })), caughtBy: ['query.lengths'] },
  // Idempotency and time
  { name: 'a new instanceId on every call', faults: answering('newInstance', (_, usual) => ({ ...usual, instanceId: `i-${Math.random()}` })), caughtBy: ['idempotency.replay'] },
  { name: 'instanceId from businessId', faults: answering('newInstance', (body, usual) => ({ ...usual, instanceId: String(body['businessId']) })), caughtBy: ['idempotency.business-id'] },
  { name: 'looked up, then inserted, without a lock', faults: unlocked(), caughtBy: ['idempotency.parallel'] },
  { name: 'blocking create', faults: { answer: (body, seller) => (body['activity'] === 'newInstance' ? blocked(body, seller) : HONEST.answer(body, seller)) }, caughtBy: ['latency.newInstance'] },
];

function burnFirst(): Parts['parts'] {
  const seen = new Set<string | null>();
  return (query) => {
    const missing = HONEST.parts(query);
    if (missing !== null) return missing;
    const nonce = query.get('nonce');
    if (seen.has(nonce)) return refusal('000001', 'nonce was used');
    seen.add(nonce);
    return null;
  };
}

function insertOnce(used: Map<string, string>, nonce: string): boolean {
  if (used.has(nonce)) throw new Error('duplicate key value violates unique constraint');
  used.set(nonce, '');
  return true;
}

/** The time that a real one would take passes on the clock of both sides, not in the test. */
function blocked(body: Body, seller: Parameters<Parts['answer']>[1]): Answer | Promise<Answer> {
  seller.clock.now += 6_000;
  return HONEST.answer(body, seller);
}

function repeatedFreeze(): Partial<Parts> {
  const frozen = new Map<string, unknown>();
  return answering('updateInstanceStatus', (body, usual) => {
    const id = String(body['instanceId']);
    const again = frozen.get(id) === body['status'];
    frozen.set(id, body['status']);
    return again ? refusal('000005', 'already in this state') : usual;
  });
}

function unlocked(): Partial<Parts> {
  let made = 0;
  const known = new Map<string, string>();
  return answering('newInstance', async (body, usual) => {
    const line = String(body['orderLineId']);
    const before = known.get(line);
    if (before !== undefined) return { ...usual, instanceId: before };
    // Long enough for the other copies to look as well.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const instanceId = `i-${(made += 1)}`;
    known.set(line, instanceId);
    return { ...usual, instanceId };
  });
}
