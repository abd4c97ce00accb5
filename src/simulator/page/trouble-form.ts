import { html } from 'hono/html';
import { DISORDERS, type Disorder } from '../disorder.ts';
import { ORDER_QUERY_TROUBLES, USAGE_PUSH_TROUBLES } from '../open-api/trouble.ts';
import type { Scene } from './scene.ts';
import type { Html } from './text.ts';

export function troubleForm({ disturbance, openApi }: Scene['trouble']): Html {
  const rows = (Object.keys(DISORDERS) as Disorder[]).map(
    (what) => html`<p class="field chance"><label for="t-${what}">${what} <small>${DISORDERS[what]}</small></label><input type="number" id="t-${what}" name="chance-${what}" min="0" max="1" step="0.05" placeholder="0" value="${disturbance?.chances[what] ?? ''}"></p>`,
  );
  const queries = ORDER_QUERY_TROUBLES.map((what) => html`<option ${what === openApi.orderQuery ? html`selected` : ''}>${what}</option>`);
  const pushes = Object.entries(USAGE_PUSH_TROUBLES).map(([what, does]) => html`<option value="${what}" ${what === openApi.usagePush ? html`selected` : ''}>${what}: ${does}</option>`);
  return html`<form method="post" action="/page/trouble" class="action" id="trouble-form" data-keep>
      <fieldset><legend>Calls to the seller: chances from 0 to 1</legend>${rows}
        <p class="field chance"><label for="t-seed">Seed <small>the same seed brings the same trouble</small></label><input type="number" id="t-seed" name="seed" value="${disturbance?.seed ?? 1}"></p></fieldset>
      <fieldset><legend>Answers of the open API</legend>
        <p class="field"><label for="t-query">Order query</label><select id="t-query" name="orderQuery"><option value="">none</option>${queries}</select></p>
        <p class="field"><label for="t-push">Usage push</label><select id="t-push" name="usagePush"><option value="">none</option>${pushes}</select></p>
        <p class="field"><label for="t-times">For so many calls of each</label><input type="number" id="t-times" name="times" min="1" placeholder="all" value="${openApi.times ?? ''}"></p></fieldset>
      <p class="buttons"><button>Make this trouble</button><button name="end" value="yes">End all trouble</button></p><output class="result"></output>
    </form>`;
}

/** What the form has sent, as the control API takes it. */
export function troubleOf(sent: URLSearchParams): Readonly<Record<string, unknown>> {
  if (sent.has('end')) return {};
  const number = (name: string): number | undefined => (sent.get(name) ? Number(sent.get(name)) : undefined);
  const chances = Object.fromEntries((Object.keys(DISORDERS) as Disorder[]).flatMap((what) => (number(`chance-${what}`) ? [[what, number(`chance-${what}`)]] : [])));
  return { seed: number('seed'), chances, orderQuery: sent.get('orderQuery') || null, usagePush: sent.get('usagePush') || null, times: number('times') };
}
