import { html } from 'hono/html';
import type { Order } from '../books.ts';
import type { Subject } from '../control/actions.ts';
import { instanceForms, orderForms } from './action-forms.ts';
import { callRow, underWayRow } from './call.ts';
import type { Entry, Life, Stuck } from './scene.ts';
import { date, instant, term, until, words, type Html } from './text.ts';
import { ORDERS, STATUSES } from './words.ts';

/** A purchase as a card: where it stands, what is stuck, its time line, and what can be done to it. */
export function lifeCard({ purchase, asset, terms, stuck, entries }: Life): Html {
  const { orderId, type } = purchase;
  const { status, instanceId, expireAt, arrearsSince } = asset;
  const subjects: readonly Subject[] = ['instance', ...(type === 'TRIAL' ? ['trial' as const] : []), ...(terms.chargingMode === 'ON_DEMAND' ? ['usage' as const] : [])];
  const troubled = stuck.filter(({ polling }) => !polling);
  // Within one day the time is enough.
  const days = new Set(entries.map(({ at }) => new Date(at).toISOString().slice(0, 10)));
  const day = days.size === 1 ? entries[0]?.at : undefined;
  return html`<article class="life ${status}" id="p-${orderId}" aria-labelledby="p-${orderId}-name">
      <header>
        <h3 id="p-${orderId}-name">${terms.products.map(({ skuCode, linearValue }) => html`<span class="sku">${skuCode}</span>${linearValue === undefined ? '' : html` <span class="size">× ${linearValue}</span>`} `)}</h3>
        <span class="chip ${status}">${words(STATUSES[status])}</span>
        <p class="facts"><code>${orderId}</code><span>${instanceId === null ? (status === 'released' ? 'no instance' : 'no instance yet') : html`instance <code>${instanceId}</code>`}</span><span>${status === 'released' ? '' : expireAt === null ? 'no end' : html`paid until ${date(expireAt)}`}</span>${arrearsSince === null ? '' : html`<span>in arrears${term('欠费')} since ${date(arrearsSince)}</span>`}</p>
      </header>
      ${troubled.map((matter) => stuckNote(matter))}
      <ol class="line">${folded(entries).map((part) => ('is' in part ? row(part, day) : fold(part, day)))}</ol>
      <details class="actions" id="p-${orderId}-actions"><summary>Actions<span class="of"> on ${orderId}</span></summary>
        ${instanceForms(orderId, subjects)}
      </details>
    </article>`;
}

/** A call that the seller has not accepted yet: what is left of its retry window. */
export function stuckNote({ key, verb, tries, dueAt, since, windowEnds, reason }: Stuck): Html {
  const left =
    dueAt === null
      ? html`the retry window is over: restart it (生产接口消息)`
      : html`<span class="left">${until(windowEnds)} left in its retry window</span><progress aria-label="retry window of ${verb}" data-from="${since}" data-to="${windowEnds}"></progress>next repeat ${until(dueAt)}`;
  return html`<p class="stuck" id="s-${key.replaceAll(' ', '-')}"><strong>${verb}</strong> failed ${tries + 1 === 1 ? 'once' : `${tries + 1} times`}: ${reason}. <span class="rest">${left}</span></p>`;
}

function row(entry: Entry, day: number | undefined): Html {
  if (entry.is === 'order') return orderRow(entry.order, day);
  if (entry.is === 'call') return callRow(entry.call, entry.next, day);
  if (entry.is === 'under-way') return underWayRow(entry.call, day);
  const { id, at, rule, text } = entry.event;
  return html`<li class="event ${rule}" id="e-${id}"><p class="line"><span class="when">${instant(at, day)}</span> <span class="verb">${rule.replaceAll('-', ' ')}</span> <span class="verdict">${text.startsWith(rule) ? text.slice(rule.length).trim() : text}</span></p></li>`;
}

function orderRow(order: Order, day: number | undefined): Html {
  const { orderId, type, createdAt, periodNumber, periodType, chargingMode, products } = order;
  const subjects: readonly Subject[] = type === 'RENEW' ? ['renewal', 'order'] : ['order'];
  const size = products[0]?.linearValue;
  const period = periodType === null ? chargingMode : `${periodNumber ?? 1} ${periodType}${periodNumber === 1 ? '' : 's'}`;
  return html`<li class="order" id="n-${orderId}"><p class="line"><span class="when">${instant(createdAt, day)}</span> <span class="verb"><strong>${words(ORDERS[type])}</strong></span> <code class="id">${orderId}</code> <span class="verdict">${period}${size === undefined ? '' : `, × ${size}`}</span></p>${orderForms(orderId, subjects)}</li>`;
}

const RUN = 3;

/** Calls alike one after another, from the third on, leave only the newest in sight. */
function folded(entries: readonly Entry[]): readonly (Entry | readonly Entry[])[] {
  const parts: (Entry | readonly Entry[])[] = [];
  let run: Entry[] = [];
  const close = (): void => {
    if (run.length >= RUN) parts.push(run.slice(0, -1), ...run.slice(-1));
    else parts.push(...run);
    run = [];
  };
  for (const entry of entries) {
    if (run[0] !== undefined && kindOf(run[0]) !== kindOf(entry)) close();
    run.push(entry);
  }
  close();
  return parts;
}

function kindOf(entry: Entry): string {
  if (entry.is !== 'call') return `${entry.is} ${entry.is === 'under-way' ? entry.call.seq : entry.is === 'order' ? entry.order.orderId : entry.event.id}`;
  const { verb, resultCode, verdict } = entry.call;
  return `${verb} ${resultCode} ${verdict.ok ? 'ok' : verdict.rule}`;
}

function fold(entries: readonly Entry[], day: number | undefined): Html {
  const [first] = entries;
  if (first?.is !== 'call') return html``;
  const { seq, verb, resultCode } = first.call;
  return html`<li class="fold" id="f-${seq}"><details id="f-${seq}-open"><summary>${entries.length} more like the next: ${verb} ${resultCode ?? ''}</summary><ol>${entries.map((entry) => row(entry, day))}</ol></details></li>`;
}
