import { samePlan, type Plan } from '../../lifecycle/plan.ts';
import { showInstance, type InstanceRecord } from '../../operations/show-instance.ts';
import { instanceArgument, noSuchInstance } from '../by-hand.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { stamp } from '../flags.ts';
import { printRecord, printTable, type Output } from '../output.ts';
import { withStore } from '../with-store.ts';

export const command = defineCommand({
  arguments: [instanceArgument],
  flags: {},
  examples: ['kookeeper instance show CS2611210001-000001', 'kookeeper instance show CS2611210001-000001 --output json'],
  run: async (context, _flags, [name = '']) => {
    const { output } = context;
    const instance = await withStore(context, (store) => showInstance(store, name));
    if (!instance) throw noSuchInstance(name);
    if (output.format === 'text') print(output, instance);
    else printRecord(output, { ...instance });
    return EXIT.ok;
  },
});

function print(output: Output, instance: InstanceRecord): void {
  const { commands, notices, reasons, state, expireAt, createdAt, updatedAt, createWindowEnds, lostSince, needsPerson: _reasons, ...rest } = instance;
  const { desired, actual, trouble } = state;
  printRecord(output, {
    ...rest,
    lostSince: stamp(lostSince),
    becomes: actual.plan && desired.plan && !samePlan(actual.plan, desired.plan) ? `${named(desired.plan)} (has ${named(actual.plan)})` : null,
    expires: expireAt === null ? (desired.plan ? 'never' : null) : `${stamp(expireAt)}${desired.stated ? '' : ' (estimated)'}`,
    frozenFor: desired.frozen.join(', ') || null,
    tenant: actual.tenant,
    held: desired.held ? 'yes: nothing is removed until unhold' : 'no',
    released: desired.released && `${stamp(desired.released.at)}, ${removal(instance)}`,
    createWindowEnds: stamp(createWindowEnds),
    ordersWaiting: desired.orders.map(({ orderLineId }) => orderLineId).join(', ') || null,
    refused: actual.refusal && `${actual.refusal.code} ${actual.refusal.message}`,
    lastError: trouble && `${trouble.effect}: ${trouble.code} ${trouble.message}`,
    nextTry: trouble && ((state.needsPerson['create-window-over'] ? null : stamp(trouble.nextTryAt)) ?? 'waits for a person'),
    needsPerson: reasons.map(({ reason, detail }) => `${reason} (${detail})`).join('; ') || null,
    created: stamp(createdAt),
    updated: stamp(updatedAt),
  });
  if (reasons.length > 0) {
    output.line('');
    printTable(output, reasons, [
      { title: 'NEEDS A PERSON', cell: ({ reason }) => reason, style: () => 'yellow' },
      { title: 'SINCE (UTC)', cell: ({ since }) => stamp(since) },
      { title: 'WHAT TO DO', cell: ({ mend }) => mend },
    ]);
  }
  output.line('');
  printTable(output, commands, [
    { title: 'SEQ', cell: ({ seq }) => seq, align: 'right' },
    { title: 'SIGNED (UTC)', cell: ({ at }) => stamp(at) },
    { title: 'COMMAND', cell: ({ instruction }) => instruction.kind },
    { title: 'BY', cell: ({ by }) => by },
    { title: 'OUTCOME', cell: ({ outcome }) => outcome ?? 'waiting' },
    { title: 'SETTLED (UTC)', cell: ({ settledAt }) => stamp(settledAt) },
    { title: 'DETAIL', cell: ({ detail }) => detail ?? null },
  ]);
  if (notices.length === 0) return;
  output.line('');
  printTable(output, notices, [
    { title: 'NOTICE', cell: ({ kind }) => kind },
    { title: 'ABOUT (UTC)', cell: ({ instant }) => stamp(instant) },
    { title: 'SENT (UTC)', cell: ({ sentAt }) => stamp(sentAt) ?? 'not yet' },
    { title: 'DETAIL', cell: ({ detail }) => detail },
  ]);
}

function named({ skuCode, productId, quantity }: Plan): string {
  return `${skuCode} of ${productId}${quantity === null ? '' : ` × ${quantity}`}`;
}

function removal({ state: { desired, actual } }: InstanceRecord): string {
  if (actual.tenant === 'removed') return 'data removed';
  const at = stamp(desired.released?.removeAt);
  if (desired.held) return 'data held';
  return at === null ? 'removal waits for a person' : `data to be removed at ${at}`;
}
