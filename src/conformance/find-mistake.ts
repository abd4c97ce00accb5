import { digestOf, spellingsOf, type Attempt, type Spellings } from '../marketplace/explain/attempt.ts';
import { MISTAKES, type Mistake } from '../marketplace/explain/mistakes.ts';
import { bodyText } from '../simulator/request.ts';
import type { Context } from './context.ts';
import type { Report } from './report.ts';

type Named = Report['mistakes'][number];

interface Candidate extends Named {
  /** Wrong signatures that a seller with this mistake takes for right, from what makes the right one. */
  readonly signatures: (right: Attempt, body: Spellings) => readonly string[];
}

/** A mistake of receivers alone: senders write what they like, and the digest is the right one. */
export const LETTERS_COMPARED: Candidate = {
  id: 'letters-compared',
  says: 'the signature is compared as text with hex digits in small letters, and the marketplace writes capitals',
  mend: 'bring both to one case before they are compared',
  signatures: (right) => [digestOf(right).toString('hex')],
};

/**
 * A seller that refuses the right signature may accept a wrong one: tries every known mistake on a debugging call and returns those that were
 * accepted. At most some forty calls.
 */
export async function findMistakes({ key, now, nonce, send, members }: Context): Promise<readonly Named[]> {
  const text = bodyText(members('newInstance', { businessId: '业务/1' }));
  const spellings = spellingsOf(Buffer.from(text));
  const found: Named[] = [];
  for (const { id, says, mend, signatures } of [LETTERS_COMPARED, ...MISTAKES.map(candidate)]) {
    for (let nth = 0; ; nth += 1) {
      const right = { key, nonce: nonce(), timestamp: String(now()), payload: text, inner: 'hmac', order: 'key-nonce-stamp' } as const;
      const signature = signatures(right, spellings)[nth];
      if (signature === undefined) break;
      const { resultCode } = await send(text, { signature, nonce: right.nonce, timestamp: right.timestamp });
      if (resultCode === '000000') {
        found.push({ id, says, mend });
        break;
      }
    }
  }
  return found;
}

/** For this body a mistake may lead to the right signature: to see that one accepted says nothing. */
function candidate({ id, says, mend, attempts }: Mistake): Candidate {
  const written = (attempt: Attempt): string => digestOf(attempt).toString('hex').toUpperCase();
  return { id, says, mend, signatures: (right, body) => attempts(right, body).map(written).filter((signature) => signature !== written(right)) };
}
