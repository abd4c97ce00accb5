import type { LookupAddress } from 'node:dns';
import { setGlobalProxyFromEnv } from 'node:http';
import { isIPv4 } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebhookRefused } from '../../src/notices/errors.ts';
import { isPublicAddress } from '../../src/notices/public-address.ts';
import { createWebhookChannel } from '../../src/notices/webhook-channel.ts';
import { NOTICE, NOW, receiver, rejection } from './receiver.ts';

const signal = new AbortController().signal;

const at = (...addresses: readonly string[]): LookupAddress[] => addresses.map((address) => ({ address, family: isIPv4(address) ? 4 : 6 }));

function channel(url: string, allowPrivate: boolean, resolve?: (hostname: string) => Promise<LookupAddress[]>) {
  return createWebhookChannel({ url, secret: null, allowPrivate, now: () => NOW, ...(resolve ? { resolve } : {}) });
}

describe('an address', () => {
  it.each([
    '0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.100.100.200', '127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1', '172.31.255.255',
    '192.0.0.8', '192.0.2.1', '192.168.0.1', '198.18.0.1', '198.51.100.7', '203.0.113.7', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255',
    '::', '::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:a00:1', '::ffff:8.8.8.8', '::127.0.0.1',
    '64:ff9b::7f00:1', '64:ff9b::10.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '2001::1', '2001:db8::1', '2002:7f00:1::', '3fff::1', '100::1',
    'localhost', '', '127.0.0.1 ', '0177.0.0.1', '1.2.3', 'fe80::1%',
  ])('%j is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0', '223.255.255.255', '2606:4700::1111', '2400:cb00::1', '2001:4860:4860::8888', '64:ff9b::808:808'])(
    '%j is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe('a webhook on a private network', () => {
  it.each(['127.0.0.1', 'localhost', '127.1', '2130706433', '0x7f.0.0.1', '0177.0.0.1', '0.0.0.0', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'])('is refused at %s without a connection', async (host) => {
    const { port, connections } = await receiver();
    const error = await rejection(channel(`http://${host}:${port}/`, false).tell(NOTICE, { signal }));
    expect(error).toBeInstanceOf(WebhookRefused);
    expect(error).toMatchObject({ code: 'WEBHOOK_REFUSED', message: expect.stringContaining('KOOKEEPER_WEBHOOK_PRIVATE') });
    expect(connections()).toBe(0);
  });

  it.each(['10.1.2.3', '192.168.1.1', '172.16.0.1', '169.254.169.254', '[fc00::1]', '[fd12:3456::1]', '[fe80::1]', '[::ffff:10.0.0.1]', '[::ffff:192.168.0.1]'])('is refused at %s', async (host) => {
    expect(await rejection(channel(`https://${host}/`, false).tell(NOTICE, { signal }))).toBeInstanceOf(WebhookRefused);
  });

  it.each([
    ['one private address', at('127.0.0.1')],
    ['a public and a private one', at('93.184.216.34', '127.0.0.1')],
    ['a public and a private one of another family', at('2606:2800:220::1', '127.0.0.1')],
    ['an IPv4 address mapped into IPv6', at('::ffff:127.0.0.1')],
    ['an unscoped and a scoped one', at('93.184.216.34', 'fe80::1%1')],
  ])('is refused under a name with %s, without a connection', async (_what, addresses) => {
    const { port, connections } = await receiver();
    const error = await rejection(channel(`http://hooks.example.cn:${port}/`, false, async () => addresses).tell(NOTICE, { signal }));
    expect(error).toBeInstanceOf(WebhookRefused);
    expect(connections()).toBe(0);
  });

  it('is not reached by a name that changes its mind: it is resolved once for each call, and that answer is the one connected to', async () => {
    const { port, received, connections } = await receiver();
    const asked: string[] = [];
    const answers = [at('127.0.0.1'), at('192.0.2.1')];
    const resolve = async (hostname: string) => {
      asked.push(hostname);
      return answers[asked.length - 1] ?? [];
    };
    await channel(`http://hooks.example.cn:${port}/`, true, resolve).tell(NOTICE, { signal });
    expect(asked).toEqual(['hooks.example.cn']);
    expect(received).toMatchObject([{ headers: { host: `hooks.example.cn:${port}` } }]);
    // The same name, now with the judgement: the second answer counts, and no connection was kept from the first.
    expect(await rejection(channel(`http://hooks.example.cn:${port}/`, false, resolve).tell(NOTICE, { signal }))).toBeInstanceOf(WebhookRefused);
    expect(asked).toHaveLength(2);
    expect(connections()).toBe(1);
  });

  it('is judged anew for each call of one channel', async () => {
    const { port, connections } = await receiver();
    const asked: string[] = [];
    const hooks = channel(`http://hooks.example.cn:${port}/`, true, async (hostname) => {
      asked.push(hostname);
      return at('127.0.0.1');
    });
    await hooks.tell(NOTICE, { signal });
    await hooks.tell(NOTICE, { signal });
    expect(asked).toHaveLength(2);
    expect(connections()).toBe(2);
  });

  it('is not handed to a proxy of the environment, which would look the name up by itself', async () => {
    const proxy = await receiver();
    onTestFinished(setGlobalProxyFromEnv({ http_proxy: `http://127.0.0.1:${proxy.port}` }));
    const { port, received } = await receiver();
    await channel(`http://hooks.example.cn:${port}/`, true, async () => at('127.0.0.1')).tell(NOTICE, { signal });
    expect(received).toHaveLength(1);
    expect(proxy.connections()).toBe(0);
  });

  it.each(['127.0.0.1', 'localhost'])('is reached at %s when that is allowed', async (host) => {
    const { port, received } = await receiver();
    await channel(`http://${host}:${port}/`, true).tell(NOTICE, { signal });
    expect(received).toHaveLength(1);
  });

  it('has failed, not been refused, under a name without an address', async () => {
    const error = await rejection(channel('http://hooks.example.cn/', false, async () => []).tell(NOTICE, { signal }));
    expect(error).toMatchObject({ code: 'WEBHOOK_FAILED', message: 'the webhook could not be reached: ENOTFOUND' });
  });
});
