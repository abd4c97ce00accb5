import { html } from 'hono/html';
import { callRow } from './call.ts';
import { lifeCard } from './life.ts';
import { banner, gauge } from './overview.ts';
import type { Scene } from './scene.ts';
import { term, type Html } from './text.ts';

/** What of the page changes by itself, by the id of its element: the stream sends of these what has changed. */
export interface Parts {
  readonly html: ReadonlyMap<string, string>;
  /** Ids of the cards, from the top. */
  readonly cards: readonly string[];
}

export async function partsOf(scene: Scene): Promise<Parts> {
  const fixed: readonly (readonly [string, Html])[] = [['banner', banner(scene)], ['gauge', gauge(scene)], ['tests', tests(scene)], ['none', none(scene)]];
  const cards = scene.lives.map((life) => [`p-${life.purchase.orderId}`, lifeCard(life)] as const);
  const rendered = await Promise.all([...fixed, ...cards].map(async ([id, part]) => [id, String(await part)] as const));
  return { html: new Map(rendered), cards: cards.map(([id]) => id) };
}

function tests({ tests: calls }: Scene): Html {
  return html`<section id="tests" class="panel"><h2>Debugging calls and probes${term('调测, 拨测')}</h2>${calls.length === 0 ? html`<p class="note">None yet.</p>` : html`<ol class="line">${calls.map((call) => callRow(call))}</ol>`}</section>`;
}

function none({ lives }: Scene): Html {
  return lives.length > 0 ? html`<p id="none" class="empty"></p>` : html`<p id="none" class="note">Nothing has been bought yet. Buy something: the seller is called at once, and what it answers appears here.</p>`;
}
