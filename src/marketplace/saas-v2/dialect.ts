import type { Dialect } from '../dialect.ts';
import { openUrlSigned } from '../envelopes/url-signature.ts';
import { findMistakes } from '../explain/explain.ts';
import { parse } from './parse.ts';
import { reply } from './replies.ts';

/** The production interface of SaaS products, kit V2.0 (saas.md §3). */
export const saasV2: Dialect = {
  kit: 'saas-v2',
  method: 'POST',
  path: '/koogallery/saas',
  keys: 'base',
  bodyLimit: 256 * 1024,
  authenticate: openUrlSigned,
  explain: findMistakes,
  parse,
  reply,
};
