import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Activity } from '../../marketplace/saas-v2/verbs.ts';
import { jsonObject, type Call } from '../call.ts';
import { MarketCase } from '../entities.ts';
import type { Members } from '../request.ts';
import type { Send } from '../send.ts';
import type { Standing } from './standing.ts';

export interface Probes {
  /** Debugs a case (调测): sends it, and saves it when the seller answers well. */
  debug(verb: Activity, members: Members): Promise<Call>;
  saved(): Promise<readonly Activity[]>;
  /** Replays every saved case, one after the other, signed afresh. */
  round(): Promise<void>;
}

export interface ProbesOptions {
  readonly em: () => SqlEntityManager;
  readonly now: () => number;
  readonly send: Send;
  readonly standing: Standing;
}

/** The console's saved cases and their replays twice a day (拨测, saas.md §6.5, §6.8). */
export function createProbes({ em, now, send, standing }: ProbesOptions): Probes {
  const cases = async () => em().find(MarketCase, {}, { orderBy: { savedAt: 'asc', verb: 'asc' } });
  return {
    async debug(verb, members) {
      const call = await send({ body: members });
      if (!call.verdict.ok) return call;
      // As it was sent: a person may have edited it.
      await em().upsert(MarketCase, { verb, members: jsonObject(call.body) ?? members, savedAt: now() });
      await standing.record('case-saved', { text: verb });
      await standing.beginProbes();
      return call;
    },
    saved: async () => (await cases()).map(({ verb }) => verb),
    async round() {
      let ok = true;
      for (const { verb, members } of await cases()) {
        const { verdict } = await send({ body: members });
        if (verdict.ok) continue;
        ok = false;
        await standing.record('probe-failed', { text: `${verb}: ${verdict.reason}` });
      }
      await standing.probed(ok);
    },
  };
}
