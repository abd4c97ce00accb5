/**
 * The marketplace's spellings of instants. Inside, every instant is an integer of milliseconds since 1970 UTC. Readers return null for what
 * is not a real instant in exactly that spelling; the caller names the field.
 */

/**
 * The signed `timestamp` of a V2.0 call: 10 digits are seconds, 13 are milliseconds (the pages disagree on the unit, saas.md 8.2).
 *
 * No other lengths and no leading zero: the signed text joins nonce and timestamp without a separator, so `nonce=a0` with `timestamp=17…`
 * and `nonce=a` with `timestamp=017…` carry the same signature, and the second would pass as a call with a fresh nonce.
 */
export function readStamp(text: string): number | null {
  if (!/^[1-9][0-9]{9}(?:[0-9]{3})?$/.test(text)) return null;
  return text.length === 10 ? Number(text) * 1000 : Number(text);
}

/** `expireTime`: `yyyyMMddHHmmss`, or with milliseconds as the page's example has it (saas.md §3.4); UTC. */
export function readExpireTime(text: string): number | null {
  const match = /^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{3})?$/.exec(text);
  return match === null ? null : realInstant(match);
}

/** Inverse of `readExpireTime`. 14 digits cut the milliseconds off. Years outside 1000 to 9999 throw RangeError. */
export function writeExpireTime(at: number, digits: 14 | 17 = 14): string {
  return compactDigits(at).slice(0, digits);
}

/** `X-Sdk-Date`: `yyyyMMdd'T'HHmmss'Z'`, UTC (open-api.md §2.2). */
export function readSdkDate(text: string): number | null {
  const match = /^([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z$/.exec(text);
  return match === null ? null : realInstant(match);
}

/** Inverse of `readSdkDate`; milliseconds are cut off. */
export function writeSdkDate(at: number): string {
  const digits = compactDigits(at);
  return `${digits.slice(0, 8)}T${digits.slice(8, 14)}Z`;
}

/** yyyyMMddHHmmssSSS */
function compactDigits(at: number): string {
  const digits = new Date(at).toISOString().replace(/[^0-9]/g, '');
  if (digits.length !== 17 || digits.startsWith('0')) throw new RangeError(`no four-digit year for the instant ${at}`);
  return digits;
}

/** Null when the calendar has no such moment: `Date.UTC` would quietly make 1 March of 30 February. */
function realInstant(match: RegExpExecArray): number | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, milli = 0] = match.slice(1).map((part) => Number(part ?? 0));
  if (year < 1000) return null;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second, milli));
  // A day too many always lands in another month, so the day itself needs no look.
  const carried = date.getUTCMonth() !== month - 1 || date.getUTCHours() !== hour || date.getUTCMinutes() !== minute;
  return carried || date.getUTCSeconds() !== second ? null : date.getTime();
}
