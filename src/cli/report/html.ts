import { html, raw } from 'hono/html';
import type { Item, Report, Status } from '../../conformance/report.ts';
import type { Language } from '../../conformance/words.ts';
import { visible } from '../width.ts';
import { detailsOf, groupText, notesOf, seenOf, SIGNS, titleOf, totalsOf, troublesOf, verdictText } from './details.ts';
import { STYLE } from './style.ts';
import { headings } from './words.ts';

type Part = ReturnType<typeof html>;

/** The report as one file that loads nothing and runs nothing. Every value put into it is escaped by `hono/html`. */
export async function page(report: Report, language: Language): Promise<string> {
  const word = headings(language);
  const { kit, url, items, at, status } = report;
  const found = troublesOf(report);
  const when = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  const made = html`<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${verdictText(report, language)} · ${word('title')} · kookeeper</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<a class="skip" href="#found">${word('toFindings')}</a>
<header>
<h1>${word('title')}</h1>
<p class="verdict ${report.verdict ?? 'none'}">${verdictText(report, language)}</p>
<p>${kit} · <code>${visible(url)}</code> · ${when} UTC · ${word(status)}</p>
<p>${totalsOf(report, language)}</p>
</header>
<main>
<section aria-labelledby="found">
<h2 id="found" tabindex="-1">${word('findings')}</h2>
${found.map((item, index) => finding(report, item, index + 1, language))}
<ul class="notes">${notesOf(report, language).map(({ grave, text }) => html`<li${grave ? raw(' class="grave"') : ''}>${visible(text.trim())}</li>`)}</ul>
</section>
<section aria-labelledby="all">
<h2 id="all">${word('checks')}</h2>
${items.map((group) => groupPart(report, group, language))}
</section>
</main>
</body>
</html>
`;
  return String(await made);
}

function finding({ kit }: Report, item: Item, nth: number, language: Language): Part {
  const word = headings(language);
  return html`<article class="${item.status}" aria-labelledby="found-${nth}">
<h3 id="found-${nth}">${badge(item.status, language)} <code>${item.id}</code> ${titleOf(kit, item, language)}</h3>
<p class="seen">${visible(seenOf(item, language) ?? '')}</p>
<dl>${detailsOf(item, language).map(([heading, text]) => html`<div><dt>${word(heading)}</dt><dd>${value(heading, text)}</dd></div>`)}</dl>
</article>
`;
}

function value(heading: string, text: string): Part | string {
  if (heading === 'page') return html`<a href="${text}" rel="noreferrer">${text}</a>`;
  return heading === 'sent' || heading === 'got' || heading === 'again' ? html`<code>${visible(text)}</code>` : visible(text);
}

function groupPart({ kit }: Report, group: Item, language: Language): Part {
  const word = headings(language);
  return html`<details${group.status === 'failed' || group.status === 'warning' ? raw(' open') : ''}>
<summary>${badge(group.status, language)} <strong>${group.id}</strong> ${groupText(group, language)}</summary>
<div class="wide"><table>
<thead><tr><th scope="col">${word('result')}</th><th scope="col">${word('check')}</th><th scope="col">${word('seen')}</th></tr></thead>
<tbody>${group.items.map(
    (item) => html`
<tr class="${item.status}"><td>${badge(item.status, language)}</td><td><code>${item.id}</code><br>${titleOf(kit, item, language)}</td><td>${visible(seenOf(item, language) ?? '')}</td></tr>`,
  )}
</tbody></table></div>
</details>
`;
}

/** The word stands beside the sign: neither colour nor shape alone tells. */
function badge(status: Status, language: Language): Part {
  return html`<span class="badge ${status}"><span aria-hidden="true">${SIGNS[status]}</span> ${headings(language)(status)}</span>`;
}
