import { canonical, isJsonObject, JsonRefused, readJson } from '../json.ts';
import { verify } from '../signing/body-signature.ts';
import { signatureSteps, type Signing } from '../signing/steps.ts';
import type { CapturedCall } from './explain.ts';

/** One way that the door tries: a key and a form of the body. */
export interface Trial extends Signing {
  /** Index of the access key: 0 is the newest. */
  readonly key: number;
  /** `raw`: the bytes as received; `reserialised`: sorted, compact, nulls left out (saas.md 4.4.4). */
  readonly form: 'raw' | 'reserialised';
  readonly holds: boolean;
}

/** Every trial in the door's order: all keys on the bytes, then all keys on the re-serialised form where it differs. */
export function signatureTrials({ query, body }: CapturedCall, accessKeys: readonly string[]): readonly Trial[] {
  const { signature = '', timestamp = '', nonce = '' } = query;
  const again = reserialised(body);
  const tries = (form: Trial['form'], payload: Uint8Array | string): readonly Trial[] =>
    accessKeys.map((accessKey, key) => ({
      key,
      form,
      holds: verify(signature, accessKey, nonce, timestamp, payload),
      ...signatureSteps(accessKey, { nonce, timestamp }, payload, form === 'raw' ? 'asItIs' : 'sorted'),
    }));
  return [...tries('raw', body), ...(again === null || Buffer.from(again).equals(body) ? [] : tries('reserialised', again))];
}

/** Null when only the bytes themselves can have been signed. */
function reserialised(body: Uint8Array): string | null {
  try {
    const value = readJson(body);
    return isJsonObject(value) ? canonical(value) : null;
  } catch (error) {
    if (error instanceof JsonRefused) return null;
    throw error;
  }
}
