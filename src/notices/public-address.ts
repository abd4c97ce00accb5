import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/**
 * IPv4 that no public host has (https://www.iana.org/assignments/iana-ipv4-special-registry): this network, private, carrier NAT (and clouds'
 * own services), loopback, link-local (metadata services), protocol assignments, documentation, old relays, benchmarks, multicast, reserved.
 */
const NOT_PUBLIC_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/** Global unicast, and the prefix under which networks without IPv4 reach it (NAT64, RFC 6052). All else is not public, mapped IPv4 too. */
const PUBLIC_V6 = [
  ['2000::', 3],
  ['64:ff9b::', 96],
] as const;

/** Not public inside global unicast (https://www.iana.org/assignments/iana-ipv6-special-registry): protocols and Teredo, documentation, 6to4. */
const NOT_PUBLIC_V6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const unicast = new BlockList();
const special = new BlockList();
for (const [net, prefix] of PUBLIC_V6) unicast.addSubnet(net, prefix, 'ipv6');
for (const [net, prefix] of NOT_PUBLIC_V6) special.addSubnet(net, prefix, 'ipv6');
for (const [net, prefix] of NOT_PUBLIC_V4) {
  special.addSubnet(net, prefix, 'ipv4');
  special.addSubnet(`64:ff9b::${net}`, 96 + prefix, 'ipv6');
}

/** Whether an IP address may belong to a host on the public internet. What is no IP address is not public. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  return family === 6 && unicast.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

/** Every address of a name, in the order in which they are to be tried. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true });
