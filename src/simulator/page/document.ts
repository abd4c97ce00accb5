import { html, raw } from 'hono/html';
import type { Call } from '../call.ts';
import { marketForms } from './action-forms.ts';
import { wholeCall } from './call.ts';
import { servedAt } from './overview.ts';
import type { Parts } from './parts.ts';
import type { Scene } from './scene.ts';
import { term, type Html } from './text.ts';
import { troubleForm } from './trouble-form.ts';

/** The whole page. Its parts are already escaped text. */
export function document(scene: Scene, parts: Parts, now: number): Html {
  const part = (id: string): Html => html`${raw(parts.html.get(id) ?? '')}`;
  const [buy, ...others] = marketForms();
  return shell(
    'kookeeper market',
    html`<a class="skip" href="#orders">Skip to the orders</a>
    <header class="top">
      <h1>kookeeper market <span class="of">KooGallery${term('华为云云商店')}, played on this machine</span></h1>
      <p class="seller">seller <code>${scene.sellerUrl ?? 'not known yet'}</code></p>
      <p class="live" id="live" data-state="served">${servedAt(now)}</p>
    </header>
    <div role="alert" aria-live="assertive">${part('banner')}</div>
    ${part('gauge')}
    <div class="columns">
      <section class="side" aria-label="What the market can do">
        <section class="panel" id="buy"><h2>Buy${term('购买')}</h2>${buy}</section>
        <details class="panel" id="more-actions"><summary>Debugging and trading</summary>${others}</details>
        <details class="panel" id="trouble"><summary>Trouble on purpose</summary>${troubleForm(scene.trouble)}</details>
      </section>
      <main id="orders" tabindex="-1"><h2>Orders and their instances <small>times in UTC</small></h2>${part('none')}<div id="lives">${parts.cards.map(part)}</div></main>
      ${part('tests')}
    </div>`,
  );
}

/** One call by itself, for a browser without a script. */
export function callPage(call: Call): Html {
  return shell(`call ${call.seq}`, html`<main class="single"><p><a href="/">All orders</a></p><h1>Call ${call.seq} <span class="of">${call.verb}</span></h1>${wholeCall(call)}</main>`);
}

/** What a form without a script is told when its action was refused. */
export function refusalPage(message: string): Html {
  return shell('refused', html`<main class="single"><p><a href="/">All orders</a></p><h1>This was refused</h1><p class="why">${message}</p></main>`);
}

function shell(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title}</title>
    <link rel="icon" href="/page/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/page/page.css">
    <script type="module" src="/page/page.js"></script>
  </head>
  <body>
    ${body}
  </body>
</html>`;
}
