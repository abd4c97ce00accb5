import { setTimeout as wait } from 'node:timers/promises';
import { isGrpcServiceError } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import type { SearchAttributeType } from '@temporalio/common';
import { searchAttributeKeys } from '../workflows/search-attributes.ts';

/** Type names as `--search-attribute Name=Type` and `operator search-attribute create` spell them. */
export const cliTypeNames: Readonly<Record<SearchAttributeType, string>> = {
  TEXT: 'Text',
  KEYWORD: 'Keyword',
  INT: 'Int',
  DOUBLE: 'Double',
  BOOL: 'Bool',
  DATETIME: 'Datetime',
  KEYWORD_LIST: 'KeywordList',
};

// IndexedValueType of temporal/api/enums/v1/common.proto.
const wireTypes: Readonly<Record<SearchAttributeType, number>> = { TEXT: 1, KEYWORD: 2, INT: 3, DOUBLE: 4, BOOL: 5, DATETIME: 6, KEYWORD_LIST: 7 };

/** A query that names every attribute with a value of its type: the server refuses it while one is unknown to it. */
const probes: Readonly<Record<SearchAttributeType, string>> = {
  TEXT: "= 'x'",
  KEYWORD: "= 'x'",
  INT: '= 0',
  DOUBLE: '= 0',
  BOOL: '= true',
  DATETIME: "> '2000-01-01T00:00:00Z'",
  KEYWORD_LIST: "= 'x'",
};

/**
 * The search attributes are not there and cannot be made by us. Nothing may poll before they are:
 * setting an unknown attribute fails the workflow's tasks for ever (temporal.md §0.1).
 */
export class SearchAttributesMissing extends Error {
  override readonly name = 'SearchAttributesMissing';
  readonly code = 'search-attributes-missing';

  constructor(namespace: string, reason: string, options?: ErrorOptions) {
    const flags = searchAttributeKeys.map(({ name, type }) => `--name ${name} --type ${cliTypeNames[type]}`).join(' ');
    super(
      `namespace ${namespace} lacks search attributes that kookeeper sets: ${reason}. Create them once, then start again:\n` +
        `  temporal operator search-attribute create --namespace ${namespace} ${flags}\n` +
        '(on Temporal Cloud: in the namespace settings, same names and types)',
      options,
    );
  }
}

export interface RegisterOptions {
  /** How long registration may take to be seen, ms. Servers refresh their list within a minute. */
  readonly limitMs?: number;
}

/** gRPC status NOT_FOUND: the namespace does not exist, and waiting will not make it. */
const isNamespaceUnknown = (error: unknown): boolean => {
  if (!isGrpcServiceError(error)) return false;
  const status: number = error.code;
  return status === 5;
};

const reasonOf = (error: unknown): string => {
  if (isGrpcServiceError(error)) return error.details;
  return error instanceof Error ? error.message : String(error);
};

/** Adds what the namespace lacks. An attribute of our name with another type throws: it cannot be changed, only removed. */
const addMissing = async (connection: Connection, namespace: string): Promise<void> => {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing: Record<string, number> = {};
  for (const { name, type } of searchAttributeKeys) {
    const there: number | undefined = customAttributes?.[name];
    if (there === undefined) missing[name] = wireTypes[type];
    else if (there !== wireTypes[type]) throw new SearchAttributesMissing(namespace, `${name} exists with another type than ${cliTypeNames[type]}; remove it first (temporal operator search-attribute remove)`);
  }
  if (Object.keys(missing).length > 0) await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: missing });
};

/**
 * Makes sure that every search attribute of ours is registered in the namespace and known to the server.
 * May be repeated, and may run in several processes at once. Where the operator service is closed to us (Temporal Cloud) it only verifies.
 *
 * Throws SearchAttributesMissing, which gives the command that creates them, after `limitMs` (default 30 s), or at once on a type conflict or an unknown namespace.
 */
export const registerSearchAttributes = async (connection: Connection, namespace: string, { limitMs = 30_000 }: RegisterOptions = {}): Promise<void> => {
  const limit = AbortSignal.timeout(limitMs);
  const query = searchAttributeKeys.map(({ name, type }) => `${name} ${probes[type]}`).join(' AND ');
  let last: unknown = new Error('no answer');
  for (let pauseMs = 50; !limit.aborted; pauseMs = Math.min(2 * pauseMs, 2000)) {
    let refusal: unknown;
    try {
      await connection.withAbortSignal(limit, () => addMissing(connection, namespace));
    } catch (error) {
      if (error instanceof SearchAttributesMissing) throw error;
      // Somebody else may have added them at the same moment, or we may not add at all: what the server knows now decides.
      refusal = error;
    }
    try {
      await connection.withAbortSignal(limit, () => connection.workflowService.countWorkflowExecutions({ namespace, query }));
      return;
    } catch (error) {
      if (isNamespaceUnknown(error)) throw new SearchAttributesMissing(namespace, reasonOf(error), { cause: error });
      if (!limit.aborted) last = refusal ?? error;
    }
    await wait(pauseMs);
  }
  throw new SearchAttributesMissing(namespace, reasonOf(last), { cause: last });
};
