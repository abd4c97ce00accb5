import type { CommandOutcome } from '../lifecycle/command.ts';
import { findCommand } from '../store/mailbox.ts';
import type { Store } from '../store/open.ts';

const LOOK_EVERY = 100;

/** How a command ended; null when nothing was stored of that within `limit` ms. */
export async function awaitOutcome(store: Pick<Store, 'em'>, instanceId: string, seq: number, limit: number): Promise<{ outcome: CommandOutcome; detail: string | null } | null> {
  const until = performance.now() + limit;
  for (;;) {
    const command = await findCommand(store.em(), instanceId, seq);
    if (command?.outcome) return { outcome: command.outcome, detail: command.detail ?? null };
    if (performance.now() >= until) return null;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
}
