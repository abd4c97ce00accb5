import { digestOf, spellingsOf } from '../marketplace/explain/attempt.ts';
import { MISTAKES } from '../marketplace/explain/mistakes.ts';
import { bodyText } from '../simulator/request.ts';
import type { Context } from './context.ts';
import type { Report } from './report.ts';

/**
 * A seller that refuses the right signature may accept a wrong one: tries every known mistake on a debugging call and returns those that were
 * accepted. At most some forty calls.
 */
export async function findMistakes({ key, now, nonce, send, members }: Context): Promise<Report['mistakes']> {
  const text = bodyText(members('newInstance', { businessId: '业务/1' }));
  const spellings = spellingsOf(Buffer.from(text));
  const found: Report['mistakes'][number][] = [];
  for (const { id, says, mend, attempts } of MISTAKES) {
    for (let nth = 0; ; nth += 1) {
      const right = { key, nonce: nonce(), timestamp: String(now()), payload: text, inner: 'hmac', order: 'key-nonce-stamp' } as const;
      const attempt = attempts(right, spellings)[nth];
      if (attempt === undefined) break;
      const signature = digestOf(attempt).toString('hex').toUpperCase();
      const { resultCode } = await send(text, { signature, nonce: right.nonce, timestamp: right.timestamp });
      if (resultCode === '000000') {
        found.push({ id, says, mend });
        break;
      }
    }
  }
  return found;
}
