import { sign } from '../marketplace/signing/body-signature.ts';
import { newNonce, type RandomBytes } from './ids.ts';

/** Members of a body; undefined and null ones are not sent (saas.md §4.4). */
export type Members = Readonly<Record<string, unknown>>;

/** What differs from the call as KooGallery would send it. Null leaves a part of the URL out. */
export interface Overrides {
  /** Another access key to sign with. */
  readonly key?: string;
  /** Instant of the stamp, UTC ms, instead of now. */
  readonly at?: number;
  /** Stamp of 10 digits, as the international page has it (saas.md 8.2), instead of 13. */
  readonly seconds?: boolean;
  /** The stamp's text as it stands in the URL and in the signature. */
  readonly timestamp?: string | null;
  readonly nonce?: string | null;
  /** A signature that is not computed. */
  readonly signature?: string | null;
  /** Upper case in the SaaS examples, lower in an industrial one (saas.md 4.4.2). */
  readonly signatureCase?: 'upper' | 'lower';
  /** What is signed instead of the body sent: a body tampered with on its way, or one that was re-serialised after signing. */
  readonly signed?: string | Uint8Array;
  /** Members in the order given instead of sorted. */
  readonly unsorted?: boolean;
  /** Added to the usual headers, or in their place. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  /** Path in place of the production address's. */
  readonly path?: string;
  /** Sends the body in chunks, without a declared length. */
  readonly chunked?: boolean;
  /** Gives up after this many ms instead of 20 000. */
  readonly timeLimit?: number;
}

export interface Sending {
  /** What the journal calls the call; by default the body's `activity`. */
  readonly verb?: string;
  /** Members, sent sorted and compact, or the text or bytes to send as they are. */
  readonly body: Members | string | Uint8Array;
  readonly overrides?: Overrides;
}

export interface SignedRequest {
  readonly url: string;
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

export interface Signer {
  /** Access key of the base interface. */
  readonly accessKey: string;
  readonly now: () => number;
  readonly random: RandomBytes;
}

/** As the published examples spell them (saas.md §1). */
const HEADERS = { Accept: 'application/json', 'Content-Type': 'application/json;charset=utf8' };

/** Makes the signed V2.0 call (saas.md §3.1, §4.4) to the production address `address`. */
export function signedRequest(address: string, { body, overrides = {} }: Sending, { accessKey, now, random }: Signer): SignedRequest {
  const bytes = bytesOf(body, overrides.unsorted ?? false);
  const at = overrides.at ?? now();
  const timestamp = overrides.timestamp === undefined ? String(overrides.seconds ? Math.floor(at / 1000) : at) : overrides.timestamp;
  const nonce = overrides.nonce === undefined ? newNonce(random) : overrides.nonce;
  const computed = sign(overrides.key ?? accessKey, nonce ?? '', timestamp ?? '', overrides.signed ?? bytes);
  const cased = overrides.signatureCase === 'lower' ? computed.toLowerCase() : computed;
  const signature = overrides.signature === undefined ? cased : overrides.signature;
  const parts = Object.entries({ signature, timestamp, nonce }).filter((part): part is [string, string] => part[1] !== null);
  const url = new URL(address);
  if (overrides.path !== undefined) url.pathname = overrides.path;
  for (const [name, value] of parts) url.searchParams.set(name, value);
  return { url: url.href, method: overrides.method ?? 'POST', query: Object.fromEntries(parts), headers: withHeaders(overrides.headers), body: bytes };
}

/** The text of a body in KooGallery's form: compact, members of the top level ascending, null ones left out. */
export function bodyText(members: Members, { unsorted = false }: { readonly unsorted?: boolean } = {}): string {
  const given = Object.entries(members).filter(([, value]) => value !== undefined && value !== null);
  const ordered = unsorted ? given : given.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(ordered));
}

function bytesOf(body: Sending['body'], unsorted: boolean): Uint8Array<ArrayBuffer> {
  if (body instanceof Uint8Array) return Uint8Array.from(body);
  return new TextEncoder().encode(typeof body === 'string' ? body : bodyText(body, { unsorted }));
}

function withHeaders(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  const named = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  return { ...Object.fromEntries(Object.entries(HEADERS).filter(([name]) => !named.has(name.toLowerCase()))), ...headers };
}
