import { verbs } from '../../marketplace/saas-v2/verbs.ts';
import { invalid, type ValueFlag } from '../command.ts';
import { choiceFlag, textFlag } from '../flags.ts';
import { actionCommand } from '../market/action-command.ts';

const ORDER = [{ name: '<order>', summary: 'id of the order, or of the instance that it bought' }] as const;

const MODES = { period: 'PERIOD', 'one-time': 'ONE_TIME', 'on-demand': 'ON_DEMAND', package: 'ON_DEMAND_PKG' } as const;
type Mode = keyof typeof MODES;

const product = {
  sku: textFlag('code', 'SKU'),
  product: textFlag('id', 'product id'),
  size: countFlag('linearValue: how many of the linear attribute'),
};
const lasting = {
  period: choiceFlag('period type', ['year', 'month', 'day']),
  periods: countFlag('how many periods'),
};

export const buy = actionCommand({
  action: 'buy',
  flags: {
    ...product,
    ...lasting,
    mode: { ...choiceFlag('how it is paid', Object.keys(MODES) as Mode[]), fallbackText: 'period' },
    trial: { summary: 'a trial, 7 days unless --period and --periods say otherwise' },
  },
  examples: ['kookeeper market buy --size 10', 'kookeeper market buy --set linearValue=20 --drop expireTime', 'kookeeper market buy --mode on-demand'],
  input: ({ sku, product: productId, size, period, periods, mode, trial }) =>
    given({ skuCode: sku, productId, linearValue: size, periodType: period, periodNumber: periods, chargingMode: mode === null ? null : MODES[mode], trial }),
});

export const renew = actionCommand({
  action: 'renew',
  arguments: ORDER,
  flags: lasting,
  examples: ['kookeeper market renew CS2611211730ABCDE --periods 12'],
  input: ({ period, periods }, [order]) => given({ order, periodType: period, periods }),
});

export const renewChange = actionCommand({
  action: 'renew-change',
  arguments: ORDER,
  flags: { ...product, ...lasting },
  examples: ['kookeeper market renew-change CS2611211730ABCDE --size 20'],
  input: ({ sku, product: productId, size, period, periods }, [order]) => given({ order, skuCode: sku, productId, linearValue: size, periodType: period, periods }),
});

export const toFormal = actionCommand({
  action: 'to-formal',
  arguments: ORDER,
  flags: lasting,
  examples: ['kookeeper market to-formal CS2611211730ABCDE --period year'],
  input: ({ period, periods }, [order]) => given({ order, periodType: period, periods }),
});

export const upgrade = actionCommand({
  action: 'upgrade',
  arguments: ORDER,
  flags: product,
  examples: ['kookeeper market upgrade CS2611211730ABCDE --size 20'],
  input: ({ sku, product: productId, size }, [order]) => given({ order, skuCode: sku, productId, linearValue: size }),
});

export const refund = about('refund', 'kookeeper market refund CS2611211731FGHJK');
export const unsubscribe = about('unsubscribe');
export const expire = about('expire');
export const violate = about('violate');
export const lift = about('lift');
export const arrears = about('arrears');
export const pay = about('pay');
export const release = about('release');
export const open = about('open');
export const restart = about('restart');

export const probe = actionCommand({
  action: 'probe',
  arguments: [{ name: '[activity...]', summary: `one or more of ${Object.keys(verbs).join(', ')}; all of them by default` }],
  flags: {},
  examples: ['kookeeper market probe', 'kookeeper market probe newInstance queryInstance'],
  input: (_flags, asked) => (asked.length === 0 ? {} : { verbs: asked }),
});

export const sell = actionCommand({ action: 'sell', flags: {}, examples: ['kookeeper market sell'], input: () => ({}) });

function about(action: string, example = `kookeeper market ${action} CS2611211730ABCDE`) {
  return actionCommand({ action, arguments: ORDER, flags: {}, examples: [example], input: (_flags, [order]) => ({ order }) });
}

function countFlag(summary: string): ValueFlag<number | null> {
  return {
    value: 'n',
    summary,
    fallback: null,
    fallbackText: 'none',
    parse: (text) => {
      const count = Number(text);
      if (!Number.isInteger(count) || count < 1) throw invalid('give a whole number from 1');
      return count;
    },
  };
}

/** What was not given is not sent. */
function given(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null && value !== undefined));
}
