import { html } from 'hono/html';
import type { Activity } from '../../marketplace/saas-v2/verbs.ts';
import { jsonObject, textMember, type Call } from '../call.ts';
import type { CallUnderWay } from '../send.ts';
import type { Stuck } from './scene.ts';
import { instant, readable, term, until, type Html } from './text.ts';
import { VERBS } from './words.ts';

/** One line that opens to the whole call; the script fetches that part when it is opened, and without a script a link leads to it. */
export function callRow(call: Call, next: Stuck | null = null, day?: number): Html {
  const { seq, at, ms, resultCode, status, trouble } = call;
  return html`<li class="call ${call.verdict.ok ? 'ok' : 'bad'}" id="c-${seq}">
      <details id="c-${seq}-open" data-src="/page/calls/${seq}?part">
        <summary>
          <span class="when">${instant(at, day)}</span>
          <span class="verb">${verb(call)}</span>
          <code class="code">${resultCode ?? (status === null ? '–' : `HTTP ${status}`)}</code>
          <span class="ms">${ms} ms</span>
          <span class="verdict">${verdict(call)}${trouble === null ? '' : html` <span class="trouble">${trouble}</span>`}${next === null ? '' : html` <span class="next">${nextOf(next)}</span>`}</span>
        </summary>
        <div class="whole" data-keep><p><a href="/page/calls/${seq}">Call ${seq} with request and answer</a></p></div>
      </details>
    </li>`;
}

export function underWayRow(call: CallUnderWay, day?: number): Html {
  return html`<li class="call waiting" id="w-${call.seq}"><p class="line"><span class="when">${instant(call.at, day)}</span> <span class="verb">${verb(call)}</span> <span class="verdict">waiting for the answer</span></p></li>`;
}

/** Request, answer, verdict, and the form that sends it again. */
export function wholeCall(call: Call): Html {
  const { seq, query, body, status, contentType, text, failure, verdict: judged } = call;
  const id = `r-${seq}`;
  return html`<div class="sides">
      <section><h4>Request</h4>
        <dl class="head">${Object.entries(query).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
        <pre tabindex="0" aria-label="Request body">${readable(body)}</pre></section>
      <section><h4>Answer</h4>
        <dl class="head"><div><dt>HTTP</dt><dd>${status ?? failure ?? '–'}</dd></div><div><dt>content type</dt><dd>${contentType ?? '–'}</dd></div></dl>
        <pre tabindex="0" aria-label="Answer body">${text === '' ? '(no body)' : readable(text)}</pre></section>
    </div>
    ${judged.ok ? '' : html`<p class="why">${judged.rule}: ${judged.reason} (<a href="${judged.page}" rel="noreferrer">its page</a>)</p>`}
    <details class="quiet edit" id="${id}-edit"><summary>Edit and resend</summary>
      <form method="post" action="/page/calls/${seq}/resend" id="${id}" class="action" data-keep>
        <p class="field"><label for="${id}-body">Body, sent to the letter and signed afresh with a new nonce and time</label><textarea id="${id}-body" name="body" rows="4" spellcheck="false">
${body}</textarea></p>
        <p class="buttons"><button>Resend</button></p><output class="result"></output>
      </form>
    </details>`;
}

/** What came of a call, in a line. */
export function told(call: Call): string {
  const { verdict: judged, ms, resultCode } = call;
  return `${spelled(call)} ${resultCode ?? '–'} in ${ms} ms: ${judged.ok ? 'ok' : `${judged.rule}: ${judged.reason}`}`;
}

/** The verb with the scene or the status, which tell its stories apart. */
function spelled({ verb: name, body }: Pick<Call, 'verb' | 'body'>): string {
  const members = jsonObject(body);
  const word = textMember(members, 'scene') ?? textMember(members, 'status');
  return word === null ? name : `${name} ${word}`;
}

function verb(call: Pick<Call, 'verb' | 'body' | 'kind'>): Html {
  const name = spelled(call);
  const chinese = Object.hasOwn(VERBS, call.verb) ? VERBS[call.verb as Activity] : null;
  return html`${name === '' ? 'no activity' : name}${term(chinese)}`;
}

function verdict({ verdict: judged, resultCode, answer }: Call): Html {
  const said = textMember(answer, 'resultMsg');
  if (!judged.ok) return html`${judged.rule}: ${judged.reason}${said === null ? '' : html` <q class="said">${said}</q>`}`;
  return html`ok${resultCode === '000004' ? ', being made' : ''}`;
}

function nextOf({ dueAt }: Stuck): Html {
  return dueAt === null ? html`no repeat is left` : html`next try ${until(dueAt)}`;
}
