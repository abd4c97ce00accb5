import { append, appendFirst, insertInstance, lockInstance } from '../../src/store/mailbox.ts';
import { claimNonce, recordCall } from '../../src/store/journal.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { callRow, identity, letter, NOW } from './samples.ts';

/**
 * One process of `processes.test.ts`: opens and migrates the database of its first argument, says `ready`, and at the word `go` makes as many
 * calls as its second argument says, as the process of its third (`b` goes backwards). Answers what it was told, and leaves.
 */
export interface Report {
  /** Numbers that its commands got in the shared mailbox. */
  readonly seqs: readonly number[];
  /** Nonces that it was the first to claim; both processes try the same ones. */
  readonly claimed: readonly string[];
  /** Order lines whose row it made; both processes try the same ones. */
  readonly made: readonly string[];
}

const [file = '', count = '0', name = ''] = process.argv.slice(2);
const store = await openStore({ kind: 'sqlite', file });
await store.migrate();
process.once('message', () => {
  void work(store)
    .then((report) => store.close().then(() => process.send?.(report)))
    .finally(() => process.disconnect());
});
process.send?.('ready');

async function work(to: Store): Promise<Report> {
  const seqs: number[] = [];
  const claimed: string[] = [];
  const made: string[] = [];
  for (let turn = 0; turn < Number(count); turn += 1) {
    const index = name === 'b' ? Number(count) - 1 - turn : turn;
    const callId = `${name}-${index}`;
    await to.em().transactional(async (em) => {
      if ((await claimNonce(em, { kit: 'saas-v2', nonce: `nonce-${index}`, bodyHash: name, callId, now: NOW })) === null) claimed.push(`nonce-${index}`);
      const line = await insertInstance(em, identity(String(index)), NOW);
      if (line) {
        await appendFirst(em, line.id, letter({ callId }), NOW);
        made.push(line.id);
      }
      const shared = await lockInstance(em, { id: identity('shared').id });
      if (shared) seqs.push(await append(em, shared, letter({ callId }), NOW));
      await recordCall(em, callRow({ id: callId }));
    });
    // As between two calls from the network: SQLite's lock goes to whoever asks first, and one who never pauses keeps it.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return { seqs, claimed, made };
}
