import { setTimeout as wait } from 'node:timers/promises';
import { msToTs } from '@temporalio/common/lib/time.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectClient } from '../../src/temporal/connect.ts';
import type { ClientLink } from '../../src/temporal/connect.ts';
import { registerSearchAttributes, SearchAttributesMissing } from '../../src/temporal/search-attributes.ts';
import { KooExpireAt, KooInstance, KooNeedsPerson, KooOrderLine, KooPhase, KooProduct, searchAttributeKeys } from '../../src/workflows/search-attributes.ts';
import { startTemporal } from '../support/temporal.ts';
import type { TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
let link: ClientLink;
let names = 0;

beforeAll(async () => {
  temporal = await startTemporal();
  link = await connectClient({ address: temporal.address });
});
afterAll(async () => {
  await link.close();
  await temporal.stop();
});

/** A namespace that has none of our attributes yet. */
const newNamespace = async (): Promise<string> => {
  const namespace = `attributes-${process.pid}-${(names += 1)}`;
  await link.connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs('1 day') });
  for (;;) {
    // Namespaces reach the server's parts one after the other.
    try {
      await link.connection.workflowService.countWorkflowExecutions({ namespace, query: '' });
      await link.connection.operatorService.listSearchAttributes({ namespace });
      return namespace;
    } catch (error) {
      if (!/not found/i.test(String(error))) throw error;
    }
    await wait(50);
  }
};

const registered = async (namespace: string): Promise<string[]> => {
  const { customAttributes } = await link.connection.operatorService.listSearchAttributes({ namespace });
  return Object.keys(customAttributes ?? {}).filter((name) => name.startsWith('Koo')).toSorted();
};

test('the attributes may be registered again and again', async () => {
  const namespace = await newNamespace();
  expect(await registered(namespace)).toEqual([]);
  await registerSearchAttributes(link.connection, namespace);
  await registerSearchAttributes(link.connection, namespace);
  expect(await registered(namespace)).toEqual(searchAttributeKeys.map(({ name }) => name).toSorted());
});

test('several processes may register them at the same moment', async () => {
  const namespace = await newNamespace();
  await Promise.all(Array.from({ length: 5 }, () => registerSearchAttributes(link.connection, namespace)));
  expect(await registered(namespace)).toHaveLength(searchAttributeKeys.length);
});

test('a workflow can be started with all of them as soon as they are registered', async () => {
  const namespace = await newNamespace();
  await registerSearchAttributes(link.connection, namespace);
  const { client, close } = await connectClient({ address: temporal.address, namespace });
  try {
    const handle = await client.workflow.start('anything', {
      workflowId: 'instance/order-1',
      taskQueue: 'nobody',
      typedSearchAttributes: [
        { key: KooOrderLine, value: 'order-1' },
        { key: KooInstance, value: 'instance-1' },
        { key: KooProduct, value: 'product-1' },
        { key: KooPhase, value: 'creating' },
        { key: KooExpireAt, value: new Date('2027-01-01T00:00:00Z') },
        { key: KooNeedsPerson, value: false },
      ],
    });
    const { typedSearchAttributes } = await handle.describe();
    expect(typedSearchAttributes.get(KooExpireAt)).toEqual(new Date('2027-01-01T00:00:00Z'));
    expect(typedSearchAttributes.get(KooNeedsPerson)).toBe(false);
  } finally {
    await close();
  }
});

test('an attribute of our name with another type is refused at once, with what to do', async () => {
  const namespace = await newNamespace();
  const keyword = 2;
  await link.connection.operatorService.addSearchAttributes({ namespace, searchAttributes: { KooExpireAt: keyword } });
  const error: unknown = await registerSearchAttributes(link.connection, namespace).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SearchAttributesMissing);
  expect(String(error)).toContain('KooExpireAt exists with another type than Datetime');
  expect(String(error)).toContain(`temporal operator search-attribute create --namespace ${namespace} --name KooOrderLine --type Keyword`);
});

test('an unknown namespace is told at once', async () => {
  const begun = Date.now();
  await expect(registerSearchAttributes(link.connection, 'nowhere')).rejects.toThrow(/nowhere.*not found/s);
  expect(Date.now() - begun).toBeLessThan(5000);
});
