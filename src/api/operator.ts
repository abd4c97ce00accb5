import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import type { Logger } from 'pino';
import type { Dispatcher } from '../delivery/dispatcher.ts';
import { PERSON_REASONS } from '../lifecycle/person-reasons.ts';
import { countInstances } from '../store/instances.ts';
import type { Store } from '../store/open.ts';
import { waitingSince } from '../store/rings.ts';

export interface OperatorDeps {
  readonly store: Store;
  /** Null: no token is asked for, and the port listens on loopback only. */
  readonly token: string | null;
  readonly dispatcher: Pick<Dispatcher, 'reachable'>;
  /** UTC ms. */
  now(): number;
  readonly log: Logger;
}

/** The operator's port: counts as JSON, metrics in the Prometheus text format. Never on the public port. */
export function createOperatorApi({ store, token, dispatcher, now, log }: OperatorDeps): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    if (token !== null && !carries(c.req.header('authorization'), token)) return c.json({ error: 'send Authorization: Bearer <KOOKEEPER_OPERATOR_TOKEN>' }, 401);
    return next();
  });
  app.get('/counts', async (c) => c.json({ ...(await countInstances(store.em())), waitingSince: await waitingSince(store.em()), temporalReachable: dispatcher.reachable() }));
  app.get('/metrics', async (c) => {
    const { phases, needsPerson, reasons, waiting, lost } = await countInstances(store.em());
    const since = await waitingSince(store.em());
    const lines = [
      '# HELP kookeeper_instances Instances by phase.',
      '# TYPE kookeeper_instances gauge',
      ...Object.entries(phases).map(([phase, count]) => `kookeeper_instances{phase="${phase}"} ${count}`),
      ...gauge('kookeeper_instances_waiting_for_person', 'Instances that wait for a person, each counted once.', needsPerson),
      '# HELP kookeeper_instances_needing_person Instances that wait for a person, by reason; one with several reasons counts for each.',
      '# TYPE kookeeper_instances_needing_person gauge',
      // Every reason, so that no series appears out of nothing with its first instance.
      ...Object.entries({ ...NONE, ...reasons }).map(([reason, count]) => `kookeeper_instances_needing_person{reason="${reason}"} ${count}`),
      ...gauge('kookeeper_instances_lost', 'Instances whose workflow is gone: a person must revive them.', lost),
      ...gauge('kookeeper_mailboxes_waiting', 'Mailboxes with commands that no workflow has taken.', waiting),
      ...gauge('kookeeper_mailbox_oldest_seconds', 'Age of the oldest command that no workflow has taken.', since === null ? 0 : (now() - since) / 1000),
      ...gauge('kookeeper_temporal_reachable', 'Whether the last ring reached the Temporal server.', dispatcher.reachable() ? 1 : 0),
    ];
    return c.text(`${lines.join('\n')}\n`, 200, { 'content-type': 'text/plain; version=0.0.4' });
  });
  app.onError((error, c) => {
    log.error({ path: c.req.path, error: String(error) }, 'the operator port could not answer');
    return c.json({ error: 'the database does not answer' }, 503);
  });
  return app;
}

const NONE = Object.fromEntries(Object.keys(PERSON_REASONS).map((reason) => [reason, 0]));

function gauge(name: string, help: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`];
}

/** Compared by digest, so that neither length nor content can be timed. */
function carries(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`));
}
