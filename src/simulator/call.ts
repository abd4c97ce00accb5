import type { AnswerBody, Verdict } from './verdict.ts';

/** One call of the marketplace to the seller. */
export interface Call {
  /** Counts from 1, in the order of sending. */
  readonly seq: number;
  /** When it was sent, UTC ms. */
  readonly at: number;
  /** Until the whole answer was there, or until it was given up. */
  readonly ms: number;
  /** The activity; '' for a body that names none. */
  readonly verb: string;
  /** `test`: with `testFlag` 1 or for a MOCK order. */
  readonly kind: 'live' | 'test';
  readonly orderId: string | null;
  readonly instanceId: string | null;
  /** `signature`, `timestamp` and `nonce` as sent. */
  readonly query: Readonly<Record<string, string>>;
  /** The body as sent. */
  readonly body: string;
  /** HTTP status; null when no HTTP answer came. */
  readonly status: number | null;
  readonly contentType: string | null;
  /** The answer's body as received. */
  readonly text: string;
  /** The same as a JSON object; null when it is not one. */
  readonly answer: AnswerBody | null;
  readonly resultCode: string | null;
  /** Why there was no HTTP answer: `timed out`, or `unreachable` with the system's code. */
  readonly failure: string | null;
  readonly verdict: Verdict;
  /** What was done to it on purpose; null for a call that went its way. */
  readonly trouble: string | null;
}

/** What a body, our own or the seller's, says as a JSON object; null for anything else. */
export function jsonObject(text: string): AnswerBody | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** A member as text; null when it is absent or something else. */
export function textMember(object: AnswerBody | null, name: string): string | null {
  const value = object?.[name];
  return typeof value === 'string' ? value : null;
}
