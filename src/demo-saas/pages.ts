import { html } from 'hono/html';
import { NOTE_LENGTH, type Note } from '../provisioners/sqlite-tenant/notes.ts';
import type { Standing } from '../provisioners/sqlite-tenant/standing.ts';

/** A page as `c.html` takes it; every value put into it was escaped by `hono/html`. */
export type Page = ReturnType<typeof html>;

function page(title: string, body: Page): Page {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
${body}
</body>
</html>`;
}

function message(title: string, ...paragraphs: string[]): Page {
  return page(title, html`<main><h1>${title}</h1>${paragraphs.map((text) => html`<p>${text}</p>`)}</main>`);
}

export const frontPage = (): Page =>
  message(
    'Demo notes',
    'A small product to try kookeeper with. Each subscription bought in KooGallery has its own notes here, in a file of its own.',
    'Open the address from your access data to log in.',
  );

export const suspendedPage = (): Page =>
  message(
    'Subscription frozen',
    'This subscription is frozen, so nobody can log in at the moment. Your notes are kept.',
    'Renew it in KooGallery, or ask the seller, and log in again as before.',
  );

export const absentPage = (): Page =>
  message(
    'Nothing here',
    'There is no subscription at this address. It may have been released, and its notes deleted, or the address is mistyped.',
  );

export const foreignFormPage = (): Page =>
  message('Not accepted', 'This form was sent from another site. Open your address again and repeat it there.');

export const tooLargePage = (): Page => message('Too large', 'That is more than this page takes.');

export const failedPage = (): Page => message('Something went wrong', 'The page could not be made. Please try again in a moment.');

export const logInPage = (instanceId: string, wrong?: string): Page =>
  page(
    'Log in',
    html`<main>
<header><h1>Log in to your notes</h1></header>
${wrong === undefined ? '' : html`<p class="wrong" role="alert">${wrong}</p>`}
<form method="post" action="/t/${instanceId}/login">
<label>User name
<input name="userName" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Log in</button>
</form>
</main>`,
  );

/** What the notes page shows. `draft` is a refused text, given back so that it is not lost. */
export interface NotesView {
  readonly userName: string;
  readonly standing: Standing;
  readonly notes: readonly Note[];
  readonly wrong?: string;
  readonly draft?: string;
}

export const notesPage = (instanceId: string, { userName, standing, notes, wrong, draft = '' }: NotesView): Page =>
  page(
    'Your notes',
    html`<header>
<h1>Your notes</h1>
<form method="post" action="/t/${instanceId}/logout">
<span class="muted">${userName}</span> <button class="quiet">Log out</button>
</form>
</header>
<main>
${wrong === undefined ? '' : html`<p class="wrong" role="alert">${wrong}</p>`}
<form method="post" action="/t/${instanceId}/notes">
<label>New note <textarea name="text" maxlength="${NOTE_LENGTH}" required>
${draft}</textarea></label>
<button>Keep note</button>
</form>
${notes.length === 0 ? html`<p class="muted">No notes yet.</p>` : html`<ul>${notes.map((note) => noteItem(instanceId, note))}</ul>`}
</main>
<footer class="muted">${describeStanding(standing)}</footer>`,
  );

function describeStanding({ skuCode, trial, users, mostUsers, notesWritten }: Standing): string {
  const parts = [
    `Plan ${skuCode}${trial ? ' (trial)' : ''}`,
    mostUsers === null ? counted(users, 'user') : `${users} of ${counted(mostUsers, 'user')}`,
    ...(notesWritten === null ? [] : [`${counted(notesWritten, 'note')} written so far`]),
  ];
  return parts.join(' · ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function noteItem(instanceId: string, note: Note): Page {
  const written = new Date(note.writtenAt).toISOString();
  const label = `Delete the note of ${written.slice(0, 19).replace('T', ' ')}`;
  return html`<li>
<p>${note.text}</p>
<div>
<span class="muted">${note.writtenBy}, <time datetime="${written}">${written.slice(0, 16).replace('T', ' ')} UTC</time></span>
<form method="post" action="/t/${instanceId}/notes/${note.id}/delete"><button class="quiet" aria-label="${label}">Delete</button></form>
</div>
</li>`;
}
