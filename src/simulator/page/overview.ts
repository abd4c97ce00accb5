import { html } from 'hono/html';
import type { Scene } from './scene.ts';
import { instant, term, until, words, type Html } from './text.ts';
import { TRADING } from './words.ts';

/** Nothing, or why the seller cannot be reached. */
export function banner({ silence, sellerUrl }: Scene): Html {
  if (sellerUrl === null) return html`<div id="banner" class="empty"></div>`;
  return silence === null ? html`<div id="banner" class="empty"></div>` : html`<div id="banner"><p><strong>The seller does not answer.</strong> ${sellerUrl}: ${silence}. Calls fail and are repeated until it does.</p></div>`;
}

/** How the seller stands with the platform, against the limits at which it is taken off sale. */
export function gauge({ gauge: read, stuck, trouble, speed }: Scene): Html {
  const waiting = stuck.filter(({ polling }) => !polling);
  const soonest = waiting.filter(({ dueAt }) => dueAt !== null).toSorted((a, b) => a.windowEnds - b.windowEnds)[0];
  return html`<section id="gauge" aria-label="The seller's gauge">
      ${read === null ? '' : html`
      <div class="tile"><h2>Trading</h2><p class="value"><span class="chip ${read.trading}">${words(TRADING[read.trading])}</span></p><p class="note">${speed === 1 ? 'real time' : `${speed} times as fast`}</p></div>
      <div class="tile" data-gauge="orders"><h2>Failed orders, 30 days</h2>${pips(read.failedOrders, read.failedOrdersAllowed)}<p class="note">one more than ${read.failedOrdersAllowed} delists the product</p></div>
      <div class="tile" data-gauge="probes"><h2>Failed probe days${term('拨测')}</h2>${pips(read.failedProbeDays, read.failedProbeDaysLimit)}<p class="note">${read.nextProbeAt === null ? 'no saved case is probed' : html`${read.savedCases.length} saved cases, next ${until(read.nextProbeAt)}`}</p></div>`}
      <div class="tile" data-gauge="stuck"><h2>Stuck orders</h2><p class="value"><span class="number ${waiting.length > 0 ? 'high' : ''}">${waiting.length}</span>${soonest === undefined ? '' : html` <span class="soonest"><a href="#p-${soonest.purchaseId}">${until(soonest.windowEnds)} left</a></span>`}</p><p class="note">${waiting.length === 0 ? 'every call was accepted' : soonest === undefined ? 'no repeat is left' : 'until the first retry window ends'}</p></div>
      ${troubled(trouble)}
    </section>`;
}

function pips(count: number, limit: number): Html {
  const marks = Array.from({ length: limit }, (_, index) => html`<i ${index < count ? html`class="on"` : ''}></i>`);
  return html`<p class="value"><span class="number ${count >= limit ? 'high' : count > 0 ? 'some' : ''}">${count}<small> of ${limit}</small></span><span class="pips" aria-hidden="true">${marks}</span></p>`;
}

function troubled({ disturbance, openApi }: Scene['trouble']): Html {
  const calls = disturbance === null ? [] : Object.entries(disturbance.chances).map(([what, chance]) => `${what} ${chance}`);
  const { orderQuery = null, usagePush = null, times } = openApi;
  const often = times === undefined ? '' : ` for ${times}`;
  const answers = [['order query', orderQuery], ['usage push', usagePush]].flatMap(([what, trouble]) => (trouble === null ? [] : [`${what}: ${trouble}${often}`]));
  const all = [...calls, ...answers];
  return all.length === 0 ? html`` : html`<p class="on-purpose">Trouble on purpose: ${all.join(', ')}${disturbance === null ? '' : ` (seed ${disturbance.seed})`}</p>`;
}

/** When the page was served; a page without a script says by it how old it is. */
export function servedAt(now: number): Html {
  return html`as of ${instant(now)} UTC`;
}
