import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { readSdkDate, writeSdkDate } from '../times.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * AK/SK request signing of Huawei Cloud's API gateway (open-api.md §2.3,
 * https://support.huaweicloud.com/devg-apisign/api-sign-algorithm-001.html): for the calls we make, and for the simulator that receives
 * them.
 */
export interface SignableRequest {
  readonly method: string;
  /** Absolute URL with its query. */
  readonly url: string;
  readonly headers: Headers;
  /** Exactly the bytes sent; '' when there are none. */
  readonly body: Uint8Array | string;
}

export interface AccessKeyPair {
  readonly ak: string;
  readonly sk: string;
}

/** The gateway refuses an `X-Sdk-Date` further than this from its own clock. */
const CLOCK_SKEW = 15 * 60_000;
const ALGORITHM = 'SDK-HMAC-SHA256';
const AUTHORIZATION = /^SDK-HMAC-SHA256 Access=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/;

/**
 * Headers to send: the given ones (all signed, so give only headers that no proxy changes) with `X-Sdk-Date` and `Authorization`. `at` is
 * UTC ms. `host` is always signed, taken from the URL unless given; it is not added to the result, since every HTTP client sends it itself.
 */
export function signRequest(request: SignableRequest, { ak, sk }: AccessKeyPair, at: number): Record<string, string> {
  const sent = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !/^(?:x-sdk-date|authorization)$/i.test(name)));
  const date = writeSdkDate(at);
  const signed = lowerCaseNames({ host: new URL(request.url).host, ...lowerCaseNames(sent), 'x-sdk-date': date });
  const names = Object.keys(signed).toSorted();
  const signature = digest(sk, request, signed, names, date).toString('hex');
  const authorization = `${ALGORITHM} Access=${ak}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...sent, 'X-Sdk-Date': date, Authorization: authorization };
}

export type Verdict =
  | { readonly ok: true; readonly ak: string }
  /** `unsigned`: no or a malformed Authorization header; `date`: X-Sdk-Date missing, malformed, unsigned or more than 15 minutes off. */
  | { readonly ok: false; readonly reason: 'unsigned' | 'date' | 'unknown-key' | 'signature' };

/**
 * The gateway's side: recomputes the signature over the headers the caller names. `secretOf` gives the SK of an AK, or undefined; `now` is
 * UTC ms.
 */
export function verifyRequest(request: SignableRequest, secretOf: (ak: string) => string | undefined, now: number): Verdict {
  const headers = lowerCaseNames(request.headers);
  const [, ak, list, signature] = AUTHORIZATION.exec(headers['authorization'] ?? '') ?? [];
  if (ak === undefined || list === undefined || signature === undefined) return { ok: false, reason: 'unsigned' };
  const names = list.split(';');
  const date = headers['x-sdk-date'] ?? '';
  const at = readSdkDate(date);
  if (at === null || !names.includes('x-sdk-date') || Math.abs(now - at) > CLOCK_SKEW) return { ok: false, reason: 'date' };
  const sk = secretOf(ak);
  if (sk === undefined || sk === '') return { ok: false, reason: 'unknown-key' };
  const holds = timingSafeEqual(Buffer.from(signature, 'hex'), digest(sk, request, headers, names, date));
  return holds ? { ok: true, ak } : { ok: false, reason: 'signature' };
}

/**
 * The text whose hash is signed. Exported because a gateway that refuses a signature may echo its own, to be compared with ours
 * (open-api.md §6.2).
 */
export function canonicalRequest(request: SignableRequest, headers: Headers, names: readonly string[]): string {
  const url = new URL(request.url);
  const block = names.map((name) => `${name}:${(headers[name] ?? '').trim()}\n`).join('');
  const line = [request.method.toUpperCase(), canonicalPath(url.pathname), canonicalQuery(url.searchParams)];
  return [...line, block, names.join(';'), sha256(request.body)].join('\n');
}

function digest(sk: string, request: SignableRequest, headers: Headers, names: readonly string[], date: string): Buffer {
  const text = [ALGORITHM, date, sha256(canonicalRequest(request, headers, names))].join('\n');
  return createHmac('sha256', sk).update(text).digest();
}

/** Ends with a slash in the signature even where the request's path does not. */
function canonicalPath(path: string): string {
  const encoded = path.split('/').map((segment) => encode(decode(segment))).join('/');
  return encoded.endsWith('/') ? encoded : `${encoded}/`;
}

/** Sorted by the names as they are before encoding (upper case before lower), as Huawei's SDKs do; repeated names by value. */
function canonicalQuery(query: URLSearchParams): string {
  const pairs = [...query].toSorted(([a, x], [b, y]) => order(a, b) || order(x, y));
  return pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** RFC 3986: `encodeURIComponent` leaves five reserved characters standing. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A segment whose percent signs are not an encoding stands for itself. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function lowerCaseNames(headers: Headers): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}
