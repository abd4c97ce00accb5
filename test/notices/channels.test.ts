import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createChannels } from '../../src/notices/channels.ts';
import { createLogChannel } from '../../src/notices/log-channel.ts';
import { EXPIRY_WARNING, noticeOf, type Channel } from '../../src/notices/notice.ts';
import { tellAll } from '../../src/notices/tell-all.ts';
import { NOTICE, NOW, receiver, rejection } from './receiver.ts';

const signal = new AbortController().signal;

function listening() {
  const lines: string[] = [];
  return { log: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }), lines };
}

const fine = (name: string, told: string[]): Channel => ({ name, tell: async () => void told.push(name) });

const failing = (name: string, told: string[]): Channel => ({
  name,
  tell: async () => {
    told.push(name);
    throw new Error(`${name} is down`);
  },
});

describe('the id of a notice', () => {
  it('is the same for the same thing and another for any other', () => {
    expect(noticeOf({ ...NOTICE, at: NOW + 1, detail: 'in other words' }).id).toBe(NOTICE.id);
    const others = [{ instant: 1 }, { kind: 'expiry-passed' }, { instanceId: 'other' }].map((changes) => noticeOf({ ...NOTICE, ...changes }).id);
    expect(new Set([NOTICE.id, ...others]).size).toBe(4);
  });

  it('does not depend on what else the caller’s object holds, and nothing of that is kept', () => {
    const more = { ...NOTICE, id: 'mine', mobilePhone: '13800138000' };
    expect(noticeOf(more)).toEqual(NOTICE);
  });
});

describe('the log', () => {
  it('has one warning with everything to act on', async () => {
    const { log, lines } = listening();
    await createLogChannel(log).tell(NOTICE, { signal });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 40,
      msg: 'an instance needs a person',
      notice: NOTICE.id,
      instanceId: NOTICE.instanceId,
      orderLineId: NOTICE.orderLineId,
      kind: 'clock-freeze',
      instant: '2026-11-20T23:59:59.999Z',
      detail: NOTICE.detail,
      whatToDo: expect.stringMatching(/kookeeper instance show f97eb140028669ff0ac9451e139f0604.*clock-freeze/),
    });
  });

  it('tells a coming end of the paid time from a call for help', async () => {
    const { log, lines } = listening();
    await createLogChannel(log).tell(noticeOf({ ...NOTICE, kind: EXPIRY_WARNING }), { signal });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 40, kind: 'expiry-warning', msg: 'the paid time of an instance is about to end', whatToDo: expect.stringContaining('renew') });
  });
});

describe('telling all channels', () => {
  it('tells each once, in their order', async () => {
    const told: string[] = [];
    await tellAll([fine('log', told), fine('webhook', told), fine('mail', told)], NOTICE, { signal });
    expect(told).toEqual(['log', 'webhook', 'mail']);
  });

  it('goes on after a failure and reports the first', async () => {
    const told: string[] = [];
    await expect(tellAll([fine('log', told), failing('webhook', told), failing('mail', told), fine('last', told)], NOTICE, { signal })).rejects.toThrow('webhook is down');
    expect(told).toEqual(['log', 'webhook', 'mail', 'last']);
  });

  it('reports the failure of the first channel in the list, not of the quickest', async () => {
    const told: string[] = [];
    const slow: Channel = {
      name: 'slow',
      tell: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        throw new Error('slow is down');
      },
    };
    await expect(tellAll([slow, failing('quick', told)], NOTICE, { signal })).rejects.toThrow('slow is down');
  });

  it('waits for the slowest before it reports a failure', async () => {
    const told: string[] = [];
    const slow: Channel = { name: 'slow', tell: () => new Promise((resolve) => setImmediate(() => resolve(void told.push('slow')))) };
    await rejection(tellAll([failing('quick', told), slow], NOTICE, { signal }));
    expect(told).toEqual(['quick', 'slow']);
  });
});

describe('the configured channels', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

  it('are the log alone without a webhook', async () => {
    const { log } = listening();
    const channels = createChannels({ webhook: { url: null, secret, private: 'allow' }, log, now: () => NOW });
    expect(channels.map(({ name }) => name)).toEqual(['log']);
  });

  it('are the log, then the webhook, signed and with its rule for private addresses', async () => {
    const { log, lines } = listening();
    const { port, received } = await receiver();
    const webhook = { url: `http://127.0.0.1:${port}/tokenAa11`, secret, private: 'allow' } as const;
    await tellAll(createChannels({ webhook, log, now: () => NOW }), NOTICE, { signal });
    expect(lines).toHaveLength(1);
    expect(received).toMatchObject([{ headers: { 'webhook-signature': expect.stringMatching(/^v1,/) } }]);
    await expect(tellAll(createChannels({ webhook: { ...webhook, private: 'refuse' }, log, now: () => NOW }), NOTICE, { signal })).rejects.toMatchObject({ code: 'WEBHOOK_REFUSED' });
    expect(lines).toHaveLength(2);
    expect(received).toHaveLength(1);
  });

  it('log a notice also when the webhook is down or the attempt was ended, without address or secret', async () => {
    const { log, lines } = listening();
    const { port } = await receiver((_request, response) => response.writeHead(500).end());
    const channels = createChannels({ webhook: { url: `http://127.0.0.1:${port}/tokenAa11?key=tokenBb22`, secret, private: 'allow' }, log, now: () => NOW });
    await expect(tellAll(channels, NOTICE, { signal })).rejects.toMatchObject({ code: 'WEBHOOK_FAILED' });
    await expect(tellAll(channels, NOTICE, { signal: AbortSignal.abort(new Error('ended')) })).rejects.toThrow('ended');
    expect(lines).toHaveLength(2);
    expect(lines.join('\n')).not.toMatch(/token|MfKQ9r8G/);
  });
});
