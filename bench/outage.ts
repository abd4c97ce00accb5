import type { Findings } from './report.ts';
import { startSeller } from './seller.ts';
import type { Setting } from './setting.ts';
import { active, endTimes, type Watch } from './through.ts';

const CALLERS = 24;
const LIMIT = 300_000;
/** No further round begins after this time, ms: one takes about a minute. */
const TIME_FOR_ROUNDS = 20_000;

interface Times {
  /** Until the last call was answered, s. */
  readonly answered: number;
  /** From the start of Temporal until it answers, s; 0 where it was up. */
  readonly up: number;
  /** Until half of the instances are ready, s. */
  readonly half: number;
  /** Until all are. */
  readonly all: number;
}

/**
 * From the end of an outage until all is carried out: Temporal is stopped, so many purchases are made, each answered 000004, and the server is started again with
 * the same database file and port. The peer is as many purchases with the server up, in the same run, one after the other. API, worker and
 * tenants (in memory) are one process, as in `serve`; the server and the marketplace are processes of their own.
 *
 * The times after the outage count from the moment at which the server's process is started; those of the peer from the first purchase. So the first have no
 * calls to answer meanwhile, but the server's start, the dispatcher's next probe (each second), and the workers' way back from their back-off. Not measured: a server lost
 * without its data, and workers that were away too.
 */
export async function benchOutage(setting: Setting): Promise<Findings> {
  const { progress, options } = setting;
  const { waiting: count, rounds } = options;
  progress('outage: starting Temporal with its database file, the simulator, API and workers');
  const marketplace = setting.marketplace();
  const server = await setting.temporalServer();
  const { url, store } = await startSeller(setting, marketplace, server.target);
  const buy = async (orders: number): Promise<number> => (await marketplace.buy(url, orders, CALLERS)) / 1000;
  const watch = async (orders: number): Promise<Watch> => {
    const before = await active(store);
    return { count: orders, through: async () => (await active(store)) - before, limit: LIMIT };
  };
  const times = (ended: readonly number[]) => ({ half: (ended[Math.floor(ended.length / 2)] ?? Number.NaN) / 1000, all: (ended.at(-1) ?? Number.NaN) / 1000 });

  const without = async (orders: number): Promise<Times> => {
    const wanted = await watch(orders);
    const buying = buy(orders);
    const [ended, answered] = [await endTimes(buying, wanted), await buying];
    progress(`outage: ${orders} creates without one: all ready after ${Math.round((ended.at(-1) ?? Number.NaN) / 1000)} s`);
    return { answered, up: 0, ...times(ended) };
  };
  const outage = async (orders: number): Promise<Times> => {
    const wanted = await watch(orders);
    await server.stop();
    const answered = await buy(orders);
    progress(`outage: ${orders} creates answered 000004 in ${answered.toFixed(1)} s with the server stopped; it is started again`);
    const started = performance.now();
    const starting = server.start().then(() => (performance.now() - started) / 1000);
    const [ended, up] = [await endTimes(starting, wanted), await starting];
    return { answered, up, ...times(ended) };
  };
  progress('outage: warming up');
  await without(CALLERS);

  const measured: { without: Times; outage: Times }[] = [];
  const from = performance.now();
  for (let round = 1; round <= rounds && (round === 1 || performance.now() - from < TIME_FOR_ROUNDS); round += 1) {
    const both = { without: await without(count), outage: await outage(count) };
    measured.push(both);
    progress(`round ${round}: all ready ${both.outage.all.toFixed(1)} s after the outage, ${(both.outage.all / both.without.all).toFixed(2)} times as long as without one`);
  }
  const after = measured.map((both) => both.outage);
  const peer = measured.map((both) => both.without);
  const cells = (all: readonly Times[]) => [all.map(({ answered }) => answered), all.map(({ half }) => half), all.map((each) => each.all)];
  const longer = measured.map((both) => both.outage.all / both.without.all);
  return {
    series: [],
    ratios: [],
    figures: {
      columns: ['all answered, s', 'half ready, s', 'all ready, s', 'server up, s', 'times as long'],
      rows: [
        { name: `${count} creates after an outage`, cells: [...cells(after), after.map(({ up }) => up), longer] },
        { name: `${count} creates without one`, cells: [...cells(peer), null, null] },
      ],
    },
  };
}
