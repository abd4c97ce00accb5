import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { openUrlSigned } from '../src/marketplace/envelopes/url-signature.ts';
import type { RawCall } from '../src/marketplace/envelopes/envelope.ts';
import { signedRequest } from '../src/simulator/request.ts';
import type { Findings } from './report.ts';
import { interleave, ratioOf, type Subject } from './rounds.ts';
import { newSecret, type Setting } from './setting.ts';
import { percentile, type Load } from './statistics.ts';

const BODIES = [
  { name: '250 B', size: 250 },
  { name: '4 KiB', size: 4_096 },
] as const;
/** Checks between two looks at the clock. */
const BATCH = 100;

/** `openUrlSigned`, beside the two HMACs and the comparison that it cannot do without. */
export async function benchSignature({ options, progress }: Setting): Promise<Findings> {
  const [key, newer, now] = [newSecret(), newSecret(), Date.now()];
  const check = (call: RawCall, keys: readonly string[]) => (): void => {
    if (openUrlSigned(call, keys, now).refused) throw new Error('the signature did not hold');
  };
  const names = (body: string) => ({ one: `check, ${body}, one key`, two: `check, ${body}, two keys, the older matches`, bare: `bare double HMAC, ${body}` });
  const subjects = BODIES.flatMap(({ name, size }): Subject[] => {
    const call = signed(key, now, size);
    const { one, two, bare } = names(name);
    const subject = (subjectName: string, once: () => void): Subject => ({ name: subjectName, callers: 1, run: async () => busyLoop(options.seconds / 4, once) });
    return [subject(one, check(call, [key])), subject(bare, () => doubleHmac(call, key)), subject(two, check(call, [newer, key]))];
  });
  progress('signature: warming up');
  for (const { run } of subjects) await run();
  const series = await interleave(subjects, options.rounds, progress);
  return {
    series,
    ratios: BODIES.flatMap(({ name }) => {
      const { one, two, bare } = names(name);
      return [one, two].map((of) => ({ of, to: bare, callers: 1, ratio: ratioOf(series, of, bare, 1), aim: null }));
    }),
  };
}

/** A create call of exactly so many bytes. */
function signed(accessKey: string, now: number, size: number): RawCall {
  const members = { activity: 'newInstance', businessId: '03pf80c2bae96vc49b80b917bea776d7', orderId: 'CS1906666666ABCDE', orderLineId: 'CS1906666666ABCDE-000001' };
  const room = size - JSON.stringify({ ...members, text: '' }).length;
  const { query, headers, method, body } = signedRequest('http://localhost', { body: { ...members, text: 'x'.repeat(room) } }, { accessKey, now: () => now, random: (bytes) => randomBytes(bytes) });
  return { query, headers, method, body };
}

function doubleHmac({ query, body }: RawCall, key: string): void {
  const inner = createHmac('sha256', key).update(body).digest('hex');
  const outer = createHmac('sha256', key).update(`${key}${query['nonce']}${query['timestamp']}${inner}`).digest();
  if (!timingSafeEqual(outer, Buffer.from(query['signature'] ?? '', 'hex'))) throw new Error('the signature did not hold');
}

/** Runs without a pause; the times are those of a batch, divided. */
function busyLoop(seconds: number, once: () => void): Load {
  const times: number[] = [];
  const before = process.cpuUsage();
  const started = performance.now();
  let last = started;
  while (last < started + seconds * 1000) {
    for (let index = 0; index < BATCH; index += 1) once();
    const ended = performance.now();
    times.push((ended - last) / BATCH);
    last = ended;
  }
  const { user, system } = process.cpuUsage(before);
  const made = times.length * BATCH;
  times.sort((a, b) => a - b);
  return { perSecond: (made * 1000) / (last - started), p50: percentile(times, 0.5), p99: percentile(times, 0.99), cpu: (user + system) / 1000 / made };
}
