/** `size` random bytes, as `randomBytes` of node:crypto. A seeded one must not begin anew on an old database: nonces would repeat. */
export type RandomBytes = (size: number) => Uint8Array;

/** Without the letters and digits that people confuse, as order numbers on the pages look. */
const CHARACTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const BEIJING = 8 * 3_600_000;

/** An order number like `CS2207261447AUY4H`: the minute of the purchase in Beijing (open-api.md §3.4) and five random characters. */
export function newOrderId(now: number, random: RandomBytes): string {
  const minute = new Date(now + BEIJING).toISOString().replace(/[^0-9]/g, '').slice(2, 12);
  return `CS${minute}${[...random(5)].map((byte) => CHARACTERS[byte % CHARACTERS.length]).join('')}`;
}

/** Every order of the simulator has one line. */
export function orderLineIdOf(orderId: string): string {
  return `${orderId}-000001`;
}

/** A UUID, as the published examples carry; a fresh one on every create call, retries included (saas.md §3.2). */
export function newBusinessId(random: RandomBytes): string {
  const bytes = Uint8Array.from(random(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** 64 upper-case hex characters, as in every published V2.0 example (saas.md §3.1). */
export function newNonce(random: RandomBytes): string {
  return hex(random(32)).toUpperCase();
}

/** The gateway's id of one request. */
export function newRequestId(random: RandomBytes): string {
  return hex(random(16));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
