import type { Refusal } from '../../marketplace/dialect.ts';
import { explainSignature, type CapturedCall, type Explanation, type KeyCategory, type Keys } from '../../marketplace/explain/explain.ts';
import { signatureTrials, type Trial } from '../../marketplace/explain/verify-steps.ts';
import type { JsonObject } from '../../marketplace/json.ts';
import { saasV2 } from '../../marketplace/saas-v2/dialect.ts';
import { parse } from '../../marketplace/saas-v2/parse.ts';
import { verbs } from '../../marketplace/saas-v2/verbs.ts';
import { signatureSteps, type PAYLOADS, type Signing } from '../../marketplace/signing/steps.ts';
import { vectors, type Vectors } from '../../marketplace/signing/vectors.ts';
import { DEBUGGING_CASES } from '../debugging-cases.ts';
import { signedRequest, type Members, type Sending, type SignedRequest, type Signer } from '../request.ts';

/** A kit as it is called by hand. */
export interface HandKit {
  readonly name: string;
  /** Which interface category's access key signs (saas.md §1). */
  readonly keys: KeyCategory;
  /** Of our own production address. */
  readonly path: string;
  /** By activity: the members of the console's debugging case (调试用例). */
  readonly samples: Readonly<Record<string, Members>>;
  /** Activities that change nothing at the seller. */
  readonly harmless: readonly string[];
  request(address: string, sending: Sending, signer: Signer): SignedRequest;
  /** How the signature of a request came about. */
  steps(accessKey: string, request: Pick<SignedRequest, 'query' | 'body'>, payload: keyof typeof PAYLOADS): Signing;
  /** What a receiver tries, in its order. */
  trials(call: CapturedCall, accessKeys: readonly string[]): readonly Trial[];
  explain(call: CapturedCall, keys: Keys, now: number | null): Explanation[];
  /** The rule of the kit's tables that a body breaks; null when it breaks none. */
  problem(body: JsonObject): string | null;
  vectors(): Vectors;
}

/** One row a kit: `--kit` names it. */
export const HAND_KITS: Readonly<Record<'saas-v2', HandKit>> = {
  'saas-v2': {
    name: saasV2.kit,
    keys: saasV2.keys,
    path: saasV2.path,
    samples: DEBUGGING_CASES,
    harmless: Object.entries(verbs).flatMap(([name, { kind }]) => (kind === 'command' ? [] : [name])),
    request: signedRequest,
    steps: (accessKey, { query: { nonce = '', timestamp = '' }, body }, payload) => signatureSteps(accessKey, { nonce, timestamp }, body, payload),
    trials: signatureTrials,
    explain: explainSignature,
    problem: (body) => {
      const read = parse({ body });
      return isRefusal(read) ? read.message : null;
    },
    vectors,
  },
};

function isRefusal(read: object): read is Refusal {
  return 'refused' in read;
}
