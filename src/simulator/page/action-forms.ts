import { html } from 'hono/html';
import { ACTIONS, type ActionName, type Subject } from '../control/actions.ts';
import { control, fieldsOf, type Field } from './fields.ts';
import { term, type Html } from './text.ts';

/** Named by what is bought, not by an order: filled in by where the form stands. */
const ORDER = 'order';
/** Of a form of many fields these come first, the others when they are asked for. */
const FIRST = 2;

interface Row {
  readonly name: ActionName;
  readonly title: string;
  readonly term: string | null;
  readonly about: Subject;
  readonly fields: readonly Field[];
}

/** ACTIONS as forms; nothing about an action is said a second time here. */
const ROWS: readonly Row[] = (Object.keys(ACTIONS) as ActionName[]).map((name) => {
  const { title, term: chinese, about, input } = ACTIONS[name];
  return { name, title, term: chinese, about, fields: fieldsOf(input).filter((field) => field.name !== ORDER) };
});

export function fieldsOfAction(name: ActionName): readonly Field[] {
  return fieldsOf(ACTIONS[name].input);
}

/** Every action about the market itself, each a form of its own. */
export function marketForms(): readonly Html[] {
  return ROWS.filter(({ about }) => about === 'market').map((row) => form(row, `a-${row.name}`, null));
}

/** The actions about an instance: those that ask nothing as buttons of one form, the others each behind its name. */
export function instanceForms(purchaseId: string, subjects: readonly Subject[]): Html {
  const rows = ROWS.filter(({ about }) => subjects.includes(about));
  const id = `a-${purchaseId}`;
  const asking = rows.filter(({ fields }) => fields.length > 0);
  return html`<form method="post" action="/page/actions/open" class="action" id="${id}" data-keep>
      <input type="hidden" name="${ORDER}" value="${purchaseId}">
      <p class="buttons">${rows.filter(({ fields }) => fields.length === 0).map((row) => button(row))}</p>
      ${overrides(id)}${result()}
    </form>
    <div class="asking">${asking.map((row) => html`<details id="d-${id}-${row.name}"><summary class="button">${row.title}${term(row.term)} …</summary>${form(row, `${id}-${row.name}`, purchaseId)}</details>`)}</div>`;
}

/** The actions about one order, as buttons. */
export function orderForms(orderId: string, subjects: readonly Subject[]): Html {
  const rows = ROWS.filter(({ about }) => subjects.includes(about));
  return html`<form method="post" action="/page/actions/restart" class="action small" id="o-${orderId}" data-keep>
      <input type="hidden" name="${ORDER}" value="${orderId}">${rows.map((row) => button(row))}${result()}
    </form>`;
}

function form(row: Row, id: string, order: string | null): Html {
  const { name, fields } = row;
  const [first, rest] = fields.length > FIRST + 2 ? [fields.slice(0, FIRST), fields.slice(FIRST)] : [fields, []];
  return html`<form method="post" action="/page/actions/${name}" class="action" id="${id}" data-keep>
      ${order === null ? '' : html`<input type="hidden" name="${ORDER}" value="${order}">`}
      <div class="fields">${first.map((field) => control(field, id))}</div>
      ${rest.length === 0 ? '' : html`<details class="quiet"><summary>More fields</summary><div class="fields">${rest.map((field) => control(field, id))}</div></details>`}
      ${overrides(id)}
      <p class="buttons">${button(row, name === 'buy')}</p>${result()}
    </form>`;
}

function button({ name, title, term: chinese }: Row, primary = false): Html {
  return html`<button formaction="/page/actions/${name}" ${primary ? html`class="primary"` : ''} data-action="${name}">${title}${term(chinese)}</button>`;
}

function overrides(id: string): Html {
  return html`<details class="quiet"><summary>Overrides</summary>
      <p class="field"><label for="${id}-set">Set, a line each: <code>linearValue=20</code>, <code>extra:=[1]</code></label><textarea id="${id}-set" name="set" rows="2" spellcheck="false"></textarea></p>
      <p class="field"><label for="${id}-drop">Leave out: <code>expireTime</code></label><input id="${id}-drop" name="drop" autocomplete="off" spellcheck="false"></p>
    </details>`;
}

/** Where the page's script says what came of it. */
function result(): Html {
  return html`<output class="result"></output>`;
}
