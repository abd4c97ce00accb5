import type { Call } from '../../simulator/call.ts';
import type { ShownOrder } from '../../simulator/control/show.ts';
import type { UsageRecord } from '../../simulator/open-api/usage-book.ts';
import { RECORD_CODES } from '../../simulator/open-api/usage-codes.ts';
import type { Matter } from '../../simulator/platform/matters.ts';
import type { Gauge, PlatformEvent } from '../../simulator/platform/standing.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { limitFlag, stamp } from '../flags.ts';
import { askMarket, folderFlag } from '../market/control-client.ts';
import { printCalls } from '../market/tell.ts';
import { printRecord, printTable } from '../output.ts';

export const orders = defineCommand({
  flags: { folder: folderFlag },
  examples: ['kookeeper market orders', 'kookeeper market orders --output jsonl'],
  run: async (context, { folder }) => {
    printTable(context.output, await askMarket<readonly ShownOrder[]>(context, folder, '/orders'), [
      { title: 'ORDER', cell: ({ orderId }) => orderId },
      { title: 'TYPE', cell: ({ type }) => type },
      { title: 'PLACED (UTC)', cell: ({ createdAt }) => stamp(createdAt) },
      { title: 'SKU', cell: ({ products }) => products.map(({ skuCode, linearValue }) => `${skuCode}${linearValue === undefined ? '' : ` × ${linearValue}`}`).join(', ') },
      { title: 'INSTANCE', cell: ({ instanceId }) => instanceId },
      { title: 'STATUS', cell: ({ status }) => status, style: ({ status }) => (status === 'active' ? 'green' : status === 'ordered' ? 'yellow' : 'dim') },
      { title: 'PAID UNTIL (UTC)', cell: ({ paidUntil }) => stamp(paidUntil) },
    ]);
    return EXIT.ok;
  },
});

export const calls = defineCommand({
  flags: { folder: folderFlag, limit: limitFlag },
  examples: ['kookeeper market calls --limit 100', 'kookeeper market calls --output json'],
  run: async (context, { folder, limit }) => {
    printCalls(context.output, await askMarket<readonly Call[]>(context, folder, `/calls?limit=${limit}`));
    return EXIT.ok;
  },
});

export const usage = defineCommand({
  flags: { folder: folderFlag, limit: limitFlag },
  examples: ['kookeeper market usage', 'kookeeper market usage --limit 1000 --output jsonl'],
  run: async (context, { folder, limit }) => {
    printTable(context.output, await askMarket<readonly UsageRecord[]>(context, folder, `/usage?limit=${limit}`), [
      { title: 'PUSHED (UTC)', cell: ({ at }) => stamp(at) },
      { title: 'INSTANCE', cell: ({ instanceId }) => instanceId },
      { title: 'FROM', cell: ({ beginTime }) => beginTime },
      { title: 'TO', cell: ({ endTime }) => endTime },
      { title: 'USAGE', cell: ({ value }) => value, align: 'right' },
      { title: 'PACKAGE', cell: ({ packageInstanceId }) => packageInstanceId },
      { title: 'VERDICT', cell: ({ code, remark }) => [code === null ? 'ok' : `${code} ${RECORD_CODES[code].says}`, ...(remark === null ? [] : [remark])].join('; '), style: ({ code }) => (code === null ? 'green' : 'red') },
    ]);
    return EXIT.ok;
  },
});

export const events = defineCommand({
  flags: { folder: folderFlag },
  examples: ['kookeeper market events'],
  run: async (context, { folder }) => {
    printTable(context.output, await askMarket<readonly PlatformEvent[]>(context, folder, '/events'), [
      { title: 'AT (UTC)', cell: ({ at }) => stamp(at) },
      { title: 'RULE', cell: ({ rule }) => rule },
      { title: 'ORDER', cell: ({ orderId }) => orderId },
      { title: 'INSTANCE', cell: ({ instanceId }) => instanceId },
      { title: 'WHAT', cell: ({ text }) => text },
    ]);
    return EXIT.ok;
  },
});

export const waiting = defineCommand({
  flags: { folder: folderFlag },
  examples: ['kookeeper market waiting'],
  run: async (context, { folder }) => {
    printTable(context.output, await askMarket<readonly Matter[]>(context, folder, '/matters'), [
      { title: 'CALL', cell: ({ verb }) => verb },
      { title: 'ORDER', cell: ({ orderId }) => orderId },
      { title: 'INSTANCE', cell: ({ instanceId }) => instanceId },
      { title: 'SINCE (UTC)', cell: ({ since }) => stamp(since) },
      { title: 'REPEATS', cell: ({ tries }) => tries, align: 'right' },
      { title: 'NEXT (UTC)', cell: ({ dueAt }) => (dueAt === null ? 'restart it' : stamp(dueAt)) },
      { title: 'WHY', cell: ({ reason }) => reason },
    ]);
    return EXIT.ok;
  },
});

export const gauge = defineCommand({
  flags: { folder: folderFlag },
  examples: ['kookeeper market gauge'],
  run: async (context, { folder }) => {
    const read = await askMarket<Gauge & { readonly savedCases: readonly string[] }>(context, folder, '/gauge');
    const shown = context.output.format === 'text' ? { ...read, nextProbeAt: stamp(read.nextProbeAt), savedCases: read.savedCases.join(', ') || null } : { ...read };
    printRecord(context.output, shown);
    return EXIT.ok;
  },
});
