import { createCipheriv, createDecipheriv, createHash, createHmac, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';

/** Encrypts what the store must not hold in the clear, and derives instance ids. Made from `KOOKEEPER_SECRET`: the first secret seals and derives, all open. */
export interface Sealer {
  /** AES-256-GCM; `context` (instance and kind) is bound to the text, so that a row copied elsewhere does not open. */
  seal(text: string, context: string): string;
  /** Throws SealBroken. */
  open(sealed: string, context: string): string;
  /** Deterministic and opaque, 32 hex characters. Repeats of a create read the row instead, so the secret can be rotated. */
  instanceId(orderLineKey: string): string;
  /** An id for a probe's create, recognisable by us without a look-up. */
  probeId(orderLineKey: string): string;
  isProbeId(instanceId: string): boolean;
}

/** Sealed text that no configured secret opens: a secret is missing from KOOKEEPER_SECRET, or the row was changed. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
  readonly code = 'SEAL_BROKEN';
  constructor(cause: string) {
    super(`sealed data cannot be opened: ${cause}; KOOKEEPER_SECRET must still contain the secret they were sealed with`);
  }
}

interface Keys {
  readonly id: string;
  // Key objects, for Node looks a Buffer over at every use: that took longer than the HMAC or the decryption itself.
  readonly seal: KeyObject;
  readonly derive: KeyObject;
}

export function createSealer(secrets: readonly string[]): Sealer {
  const all = secrets.map(keysOf);
  const [first] = all;
  if (!first) throw new RangeError('createSealer needs at least one secret');
  const mac = (keys: Keys, text: string): string => createHmac('sha256', keys.derive).update(text).digest('hex');
  const probeTail = (keys: Keys, head: string): string => mac(keys, `probe/${head}`).slice(0, 16);
  return {
    seal(text, context) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', first.seal, iv).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return ['v1', first.id, Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url')].join('.');
    },
    open(sealed, context) {
      const [version, id, text] = sealed.split('.');
      if (version !== 'v1' || !text) throw new SealBroken('not in a known form');
      const keys = all.find((candidate) => candidate.id === id);
      if (!keys) throw new SealBroken(`key ${id} is not configured`);
      const bytes = Buffer.from(text, 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', keys.seal, bytes.subarray(0, 12), { authTagLength: 16 }).setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-16));
        return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
      } catch {
        throw new SealBroken('its seal does not match');
      }
    },
    instanceId: (orderLineKey) => mac(first, `instance/${orderLineKey}`).slice(0, 32),
    probeId(orderLineKey) {
      const head = mac(first, `probe-head/${orderLineKey}`).slice(0, 16);
      return `probe-${head}-${probeTail(first, head)}`;
    },
    isProbeId(instanceId) {
      const [, head, tail] = /^probe-([0-9a-f]{16})-([0-9a-f]{16})$/.exec(instanceId) ?? [];
      return head !== undefined && all.some((keys) => probeTail(keys, head) === tail);
    },
  };
}

function keysOf(secret: string): Keys {
  const derived = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `kookeeper/${purpose}/v1`, 32));
  const seal = derived('seal');
  return { id: createHash('sha256').update(seal).digest('hex').slice(0, 8), seal: createSecretKey(seal), derive: createSecretKey(derived('derive')) };
}
