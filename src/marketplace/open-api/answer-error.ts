import { z } from 'zod';
import { OrderRefused, SignatureRefused, Throttled, Unreachable, type OpenApiError } from './errors.ts';

type Kind = 'signature' | 'throttled' | 'unreachable' | 'refused';

/**
 * Errors by number: the pages print the same numbers with the prefixes MKT. and CBC., the gateway's with APIG. and APIGW. (open-api.md
 * §6).
 */
const numbers: { readonly business: Readonly<Record<string, Kind>>; readonly gateway: Readonly<Record<string, Kind>> } = {
  business: {
    // These two come with HTTP 500 although repeating cannot mend them.
    '0100': 'refused',
    '9001': 'refused',
    '0101': 'refused',
    '0150': 'refused',
    '0151': 'signature',
    '0154': 'signature',
    '0199': 'refused',
    '0250': 'throttled',
    '0999': 'unreachable',
  },
  gateway: { '0101': 'refused', '0301': 'signature', '0302': 'refused', '0308': 'throttled' },
};

/** What the gateway's text tells about the cause, in our words (open-api.md §6.2). */
const causes: readonly (readonly [RegExp, string])[] = [
  [/verify aksk signature fail/i, 'the secret key does not belong to the access key'],
  [/reach the limit/i, 'the access key is locked for five minutes after repeated failures'],
  [/get secretkey fail/i, 'the access key is unknown, deleted or disabled'],
  [/expired|x-sdk-date|time/i, 'our clock may be more than 15 minutes off'],
];

/** Both shapes of failure: the marketplace's own and its gateway's. */
const shape = z.object({
  resultCode: z.string().nullish().catch(null),
  error_code: z.string().nullish().catch(null),
  error_msg: z.string().nullish().catch(null),
});

/**
 * The error of an answer, or null for success. `body` is the parsed JSON, undefined when there was none. The code's number decides before
 * the HTTP status does, for the marketplace sends bad parameters as 500.
 */
export function answerError(status: number, body: unknown): OpenApiError | null {
  const read = shape.safeParse(body);
  const { resultCode, error_code, error_msg } = read.success ? read.data : {};
  const code = resultCode ?? error_code ?? '';
  const match = /^(MKT|CBC|APIG|APIGW)\.([0-9]{4})$/.exec(code);
  const [, prefix = '', number = ''] = match ?? [];
  const family = prefix.startsWith('APIG') ? numbers.gateway : numbers.business;
  if (status === 200 && number === '0000') return null;
  const kind = family[number] ?? byStatus(status, code !== '' && body !== undefined);
  const cause = kind === 'signature' ? causes.find(([pattern]) => pattern.test(error_msg ?? ''))?.[1] : undefined;
  return errors[kind]([`HTTP ${status}`, ...(match === null ? [] : [code]), ...(cause === undefined ? [] : [`(${cause})`])].join(' '));
}

function byStatus(status: number, says: boolean): Kind {
  if (status === 401) return 'signature';
  if (status === 406 || status === 429) return 'throttled';
  if (status >= 500 || status === 408) return 'unreachable';
  // 200 without any code is not the marketplace's answer; 200 with a code we do not know is a no.
  return status === 200 && !says ? 'unreachable' : 'refused';
}

const errors: Readonly<Record<Kind, (answer: string) => OpenApiError>> = {
  signature: (answer) => new SignatureRefused(`the marketplace refused our AK/SK signature: ${answer}`),
  throttled: (answer) => new Throttled(`the marketplace asks for fewer calls: ${answer}`),
  unreachable: (answer) => new Unreachable(`the marketplace could not answer: ${answer}`),
  refused: (answer) => new OrderRefused(`the marketplace refused the call: ${answer}`),
};
