import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { Market } from '../src/simulator/market.ts';
import { startMarket } from '../src/simulator/start-market.ts';
import { newBusinessId, newOrderId, orderLineIdOf } from '../src/simulator/ids.ts';
import { signedRequest, type Members, type Signer } from '../src/simulator/request.ts';
import { closedLoop, type Calls, type Phase } from './closed-loop.ts';
import type { Asked, Replied, Work } from './marketplace.ts';

// The marketplace is another machine in real life: callers, signing and the order query have a process of their own here, so that they take no time from the engine's single thread.

const random = (size: number): Uint8Array => randomBytes(size);
let market: Market | null = null;

/** One signed call on a kept connection; rejects when the answer is not `code`. */
function call(agent: Agent, seller: string, signer: Signer, body: Members, code: string): Promise<void> {
  const { url, method, headers, body: bytes } = signedRequest(seller, { body }, signer);
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, method, headers: { ...headers, 'content-length': String(bytes.byteLength) } }, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        const { resultCode, resultMsg } = JSON.parse(text) as Record<string, string>;
        if (resultCode === code) resolve();
        else reject(new Error(`the door answered ${resultCode} ${resultMsg} to ${String(body['activity'])}`));
      });
    });
    outgoing.on('error', reject);
    outgoing.end(bytes);
  });
}

let orders = 0;

/** Order numbers are counted: five random characters a minute meet twice at this pace. */
function newInstance(): Members {
  const orderId = `${newOrderId(Date.now(), random)}${(orders += 1)}`;
  return { activity: 'newInstance', businessId: newBusinessId(random), orderId, orderLineId: orderLineIdOf(orderId) };
}

/** Other ids in every call, in turn. */
function queryInstance(ids: readonly string[], perCall: number): () => Members {
  let from = 0;
  return () => {
    const asked = Array.from({ length: perCall }, (_, index) => ids[(from + index) % ids.length]);
    from += perCall;
    return { activity: 'queryInstance', instanceId: asked.join(',') };
  };
}

async function buy(seller: string, count: number, callers: number): Promise<number> {
  if (!market) throw new Error('the market was not opened');
  const open = market;
  open.setSeller(seller);
  let left = count;
  const started = performance.now();
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const { order, call: first } = await open.buy({ skuCode: 'bench', productId: 'bench-month' });
      // A kept connection can be closed by the server in the moment of its next use; the marketplace repeats what got no answer.
      const created = first.failure === null ? first : await open.create(order);
      if (created.resultCode !== '000004') throw new Error(`the door answered ${created.resultCode ?? created.failure} to a purchase`);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  await open.clear();
  return performance.now() - started;
}

async function calls({ seller, key, phase }: { seller: string; key: string; phase: Phase }, body: () => Members, code: string): Promise<Calls> {
  // Of one phase only: the server closes what rests for some seconds.
  const agent = new Agent({ keepAlive: true });
  const signer = { accessKey: key, now: () => Date.now(), random };
  try {
    return await closedLoop(phase, () => call(agent, seller, signer, body(), code));
  } finally {
    agent.destroy();
  }
}

async function carryOut(work: Work): Promise<unknown> {
  switch (work.do) {
    case 'open':
      market = await startMarket({ keys: { base: work.key, ak: work.ak, sk: work.sk } });
      return market.openApiUrl;
    case 'create':
      return calls(work, newInstance, '000004');
    case 'query':
      return calls(work, queryInstance(work.ids, work.perCall), '000000');
    case 'buy':
      return buy(work.seller, work.orders, work.callers);
  }
}

process.on('message', ({ id, work }: Asked) => {
  const reply = (replied: Replied): void => void process.send?.(replied);
  carryOut(work).then(
    (result) => reply({ id, result }),
    (error: unknown) => reply({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
// A terminal's Ctrl-C reaches this process too; the parent decides when it ends.
process.on('SIGINT', () => undefined);
