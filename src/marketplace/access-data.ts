import { z } from 'zod';

/** Lengths of `appInfo` in the answer to a query (saas.md §3.3). Messages never repeat a value: it is secret. */
const text = (longest: number) => z.string('is not text').min(1, 'is empty').max(longest, `is longer than ${longest} characters`);

const address = text(512).refine((value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ''), 'is not a web address that begins with https:// or http://');

/** Access data as a person writes them: members the marketplace does not know are refused, for they would be left out in silence. */
export const accessData = z.strictObject(
  {
    frontEndUrl: address,
    adminUrl: address.optional(),
    userName: text(128).optional(),
    password: text(128).optional(),
    memo: text(1024).optional(),
  },
  { error: ({ code }) => (code === 'unrecognized_keys' ? 'may hold frontEndUrl, adminUrl, userName, password and memo, nothing else' : 'is not an object with frontEndUrl') },
);
