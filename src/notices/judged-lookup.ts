import { isIP, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { WebhookRefused } from './errors.ts';
import { isPublicAddress, type Resolve } from './public-address.ts';

/**
 * The lookup of one connection, for `http.request`: refuses a name with WebhookRefused when even one of its addresses is not public. The
 * connection goes to the very addresses judged here, so a name that answers differently the next moment gains nothing.
 *
 * Node asks no lookup about a host that is an address already: `judgeHost` does.
 */
export function judgedLookup({ resolve, allowPrivate }: { readonly resolve: Resolve; readonly allowPrivate: boolean }): LookupFunction {
  const judged = callbackify(async (hostname: string) => {
    const addresses = [...(await resolve(hostname))];
    if (!allowPrivate) for (const { address } of addresses) judge(address);
    const [first] = addresses;
    if (first === undefined) throw Object.assign(new Error('the name has no address'), { code: 'ENOTFOUND' });
    return { first, addresses };
  });
  return (hostname, { all }, callback) => {
    judged(hostname, (error, found) => {
      if (error) callback(error, '');
      else if (all) callback(null, found.addresses);
      else callback(null, found.first.address, found.first.family);
    });
  };
}

/** Throws WebhookRefused for a URL whose host is written as an address that is not public. `hostname` as `URL` gives it, IPv6 in brackets. */
export function judgeHost(hostname: string): void {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0) judge(address);
}

function judge(address: string): void {
  if (isPublicAddress(address)) return;
  throw new WebhookRefused(
    `the webhook's host is at ${address}, which is not a public address: nothing was sent. Set KOOKEEPER_WEBHOOK_PRIVATE=allow if it is meant to be on a private network`,
  );
}
