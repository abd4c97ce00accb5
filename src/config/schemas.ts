import { z } from 'zod';

import { parseDuration } from './duration.ts';
import { didYouMean } from './nearest.ts';

/**
 * What a single setting may be, from text (a variable, a flag) or from a file's value. Messages read on after the setting's name
 * and never repeat the value: it may be a secret in the wrong place.
 */

const notText = 'is not text';

/** 0 lets the system choose a free port. */
const notPort = 'is not a port: a whole number from 0 to 65535, where 0 takes any free one';
export const port = z
  .union([z.int(), z.string().regex(/^\d{1,5}$/).transform(Number)], notPort)
  .refine((value) => value >= 0 && value <= 65_535, notPort);

const notDays = 'is not a number of days: a whole number from 1 to 36500';
export const days = z.int(notDays).min(1, notDays).max(36_500, notDays);

const notDuration = 'is not a length of time: write 8d, 6h, 30m, 15s, 500ms or a whole number of milliseconds, at most 36500d';
export const duration = z.unknown().transform((value, context) => parseDuration(value) ?? fail(context, notDuration));

/** One word out of a closed list. */
export function word<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, {
    error: ({ input }) => `is not one of ${words.join(', ')}${typeof input === 'string' ? didYouMean(input, words) : ''}`,
  });
}

/** Text without spaces around it and not empty. */
export const text = z.string(notText).trim().min(1, 'is empty');

/** One secret: spaces around it are dropped, spaces inside mean that something was pasted wrongly. */
export const secret = z.string(notText).trim().min(1, 'is empty').regex(/^\S*$/, 'holds a space or a line break inside');

export const token = secret.min(16, 'is shorter than 16 characters');

/** Comma-separated secrets, newest first, each at least `shortest` characters. */
export function secretList(most: number, shortest: number) {
  return z.string(notText).transform((value, context) => {
    const list = value.split(',').map((entry) => entry.trim());
    if (list.length > most) return fail(context, `holds ${list.length} values; at most ${most} can be valid at once`);
    for (const [index, entry] of list.entries()) {
      const which = list.length === 1 ? '' : ` in value ${index + 1} of ${list.length}`;
      if (entry === '') return fail(context, `is empty${which}`);
      if (/\s/.test(entry)) return fail(context, `holds a space or a line break inside${which}`);
      if (entry.length < shortest) return fail(context, `is shorter than ${shortest} characters${which}`);
    }
    return list;
  });
}

const sites = new Map([
  ['china', 'https://mkt.myhuaweicloud.com'],
  ['international', 'https://mkt-intl.myhuaweicloud.com'],
  ['europe', 'https://mkt.myhuaweicloud.eu'],
]);

/**
 * KooGallery's open API: the name of a site (open-api.md §1) or a base URL. HTTPS, because answers carry buyers' data; a simulator on this
 * machine may do without.
 */
export const openApiBase = z.string(notText).transform((value, context) => {
  const site = sites.get(value.trim().toLowerCase());
  if (site !== undefined) return site;
  const url = baseAddress(value);
  if (typeof url === 'string') return fail(context, `${url}, nor the name of a site (${[...sites.keys()].join(', ')})`);
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return fail(context, 'must use https: plain http is only for this machine itself');
  }
  return withoutSlash(url);
});

export const publicUrl = z.string(notText).transform((value, context) => {
  const url = baseAddress(value);
  return typeof url === 'string' ? fail(context, url) : withoutSlash(url);
});

/** Where notices go: as the receiver gave it, query included, for a token may stand there. */
export const webhookUrl = z.string(notText).transform((value, context) => {
  const url = webAddress(value);
  return typeof url === 'string' ? fail(context, url) : url.href;
});

/** As Standard Webhooks has it: 24 to 64 bytes as base64, with or without `whsec_` before them. */
export const webhookSecret = secret.refine((value) => {
  const key = value.replace(/^whsec_/, '');
  const { length } = Buffer.from(key, 'base64');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(key) && key.length % 4 === 0 && length >= 24 && length <= 64;
}, 'is not base64 of 24 to 64 bytes');

/** `host` or `host:port` of a Temporal frontend. */
export const temporalAddress = text.regex(
  /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/,
  'is not host:port (without http:// and without a path)',
);

/** Where the journal is kept. The file of SQLite is still relative to the working directory here. */
export const database = z.string(notText).transform((value, context) => {
  const address = value.trim();
  if (/^postgres(ql)?:\/\//i.test(address)) {
    if (URL.canParse(address)) return { kind: 'postgres' as const, url: address };
    return fail(context, 'is not a valid PostgreSQL URL (characters such as @ : / # in a password must be percent-encoded)');
  }
  const file = /^sqlite:(.*)$/is.exec(address)?.[1];
  if (file === undefined) return fail(context, 'is neither a sqlite: nor a postgres: URL');
  if (file === '' || /^\/\/(?!\/)/.test(file)) return fail(context, 'names no file: write sqlite:./folder/name.db or sqlite:/folder/name.db');
  if (file.startsWith(':memory:')) return fail(context, 'would be lost with the process; promises to the marketplace must not be');
  return { kind: 'sqlite' as const, file };
});

/** True for hosts that never leave this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || /^127(\.\d{1,3}){3}$/.test(host) || host === '::1' || host === '[::1]';
}

/** The URL, or what is wrong with it. */
function webAddress(value: string): URL | string {
  const url = URL.parse(value.trim());
  if (!url || !/^https?:$/.test(url.protocol)) return 'is not a web address that begins with https:// or http://';
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
  return url.hash === '' ? url : 'must not hold #';
}

/** The same for an address that something is appended to. */
function baseAddress(value: string): URL | string {
  const url = webAddress(value);
  return typeof url === 'string' || url.search === '' ? url : 'must not hold ?';
}

function withoutSlash(url: URL): string {
  return url.href.replace(/\/+$/, '');
}

function fail(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
