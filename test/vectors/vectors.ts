import { readFileSync } from 'node:fs';

/** Known answers, copied whole. `reproduced: true` ones were computed by two implementations or equal a published value. */
export interface SaasVector {
  readonly name: string;
  readonly accessKey: string | null;
  readonly method: string;
  readonly query: Readonly<Record<string, string>> | null;
  readonly body: string | null;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly reproduced: boolean;
}

export interface OpenApiVector {
  readonly name: string;
  readonly algorithm: string;
  readonly key: { readonly ak: string; readonly sk: string };
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
  readonly expected: { readonly canonicalRequest: string; readonly signature: string; readonly authorization: string };
  readonly reproduced: boolean | null;
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
}

const saas = read('saas.json') as readonly SaasVector[];
const openApi = read('open-api.json') as { readonly vectors: readonly OpenApiVector[] };

/** The whole file: V1.0 and V2.0, computed and published. */
export const allSaasVectors: readonly SaasVector[] = saas;

/** Every V2.0 vector that can be recomputed, the kit's x-sign left out (another algorithm). */
export const saasV2Vectors = saas.filter(({ name, reproduced }) => reproduced && name.startsWith('v2-') && name !== 'v2-kit-x-sign');

/** The Body-Sign ones of both generations: one algorithm. */
export const bodySignVectors = saas.filter(({ name, reproduced }) => reproduced && name.includes('Body-Sign'));

export const akskVectors = openApi.vectors.filter(({ algorithm, reproduced }) => reproduced === true && algorithm === 'SDK-HMAC-SHA256');
