import { createHash, createHmac, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import type { RandomBytes } from '../password.ts';

/** PostgreSQL's own default, `scram_iterations`. */
const ITERATIONS = 4_096;
const SALT_BYTES = 16;

/**
 * The SCRAM-SHA-256 verifier PostgreSQL stores for an ASCII password, in the form CREATE ROLE … PASSWORD takes as already hashed
 * (RFC 5803 with PostgreSQL's separators, https://www.postgresql.org/docs/current/catalog-pg-authid.html). Computed here, the clear
 * password reaches neither the server nor its statement log.
 */
export async function scramVerifier(password: string, random: RandomBytes): Promise<string> {
  const salt = Buffer.from(random(SALT_BYTES));
  const salted = await promisify(pbkdf2)(password, salt, ITERATIONS, 32, 'sha256');
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64');
  const serverKey = hmac(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
