import { html } from 'hono/html';
import type { Words } from './words.ts';

export type Html = ReturnType<typeof html>;

/** A term of the console beside the English. */
export function term(text: string | null): Html | null {
  return text === null ? null : html` <span class="term" lang="zh-CN">${text}</span>`;
}

export function words([english, chinese]: Words): Html {
  return html`${english}${term(chinese)}`;
}

/** An instant in UTC, month and day included unless it is of `day`'s (UTC ms). */
export function instant(at: number, day?: number): Html {
  const iso = new Date(at).toISOString();
  const sameDay = day !== undefined && new Date(day).toISOString().slice(0, 10) === iso.slice(0, 10);
  return html`<time datetime="${iso}" title="${iso}">${sameDay ? iso.slice(11, 19) : iso.slice(5, 19).replace('T', ' ')}</time>`;
}

/** A day with its time, to the minute. */
export function date(at: number): Html {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}" title="${iso}">${iso.slice(0, 16).replace('T', ' ')}</time>`;
}

/** An instant ahead. The page's script puts the time that is left in its place, second by second, so that what is served changes with what happens alone. */
export function until(at: number): Html {
  const iso = new Date(at).toISOString();
  return html`<time class="until" data-until="${at}" datetime="${iso}" title="${iso}">at ${iso.slice(11, 19)}</time>`;
}

/** JSON by lines for reading; anything else as it is. */
export function readable(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    // A number that would come out as another one must be read as it was sent.
    return JSON.stringify(value) === text ? JSON.stringify(value, null, 2) : text;
  } catch {
    return text;
  }
}
