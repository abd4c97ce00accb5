/** Source of unpredictable bytes; `crypto.randomBytes` in service. */
export type RandomBytes = (size: number) => Uint8Array;

/**
 * Lower-case letters and digits that cannot be taken for one another (no l, o, 0, 1), so a buyer can type them from a phone.
 * 32 of them: five bits of a random byte choose one without favouring any.
 */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const LENGTH = 20;

/** A new password: 20 characters, 100 random bits, ASCII. */
export function newPassword(random: RandomBytes): string {
  return Array.from(random(LENGTH), (byte) => ALPHABET.charAt(byte & 31)).join('');
}
