import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { untilStopped } from '../../processes/until-stopped.ts';
import { publishAddress, publishedAddress } from '../../simulator/control/address.ts';
import { keysOf } from '../../simulator/control/keys.ts';
import { serveControl } from '../../simulator/control/server.ts';
import type { MarketKeys } from '../../simulator/keys.ts';
import { startMarket } from '../../simulator/start-market.ts';
import { keepTime } from '../../simulator/platform/keep-time.ts';
import { LEVELS } from '../../simulator/platform/levels.ts';
import { CommandError } from '../command-error.ts';
import { defineCommand, invalid, type ValueFlag } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { choiceFlag } from '../flags.ts';
import { chancesFlag, seedFlag } from '../market/chances.ts';
import { givenKeys } from '../market/given-keys.ts';
import { tellCall, tellEvent } from '../market/tell.ts';
import { portTaken } from '../port-taken.ts';
import { folderFlag, isAnswering } from '../market/control-client.ts';

/** Where `kookeeper serve` listens. */
const OUR_OWN = 'http://localhost:8080/koogallery/saas';

const now = (): number => Date.now();
const random = (size: number): Uint8Array => randomBytes(size);

export const command = defineCommand({
  flags: {
    seller: { value: 'url', summary: 'production address (生产地址) of the seller under test, with its path', fallback: OUR_OWN, parse: (text) => text },
    folder: folderFlag,
    port: portFlag('port of the open API that the seller calls', 8070),
    controlPort: portFlag("port of the control API and of the page; 0: any free one, which the market's other commands find by themselves", 0),
    speed: {
      value: 'n',
      summary: 'a faster life: periods, grace, retention, repeats and probes are so many times shorter; stamps and dates stay real',
      fallback: 1,
      parse: (text) => {
        const speed = Number(text);
        if (!(speed >= 1 && speed <= 10_000_000)) throw invalid('give a number from 1 to 10000000');
        return speed;
      },
    },
    trouble: chancesFlag,
    seed: seedFlag,
    level: { ...choiceFlag('customer level: sets grace and retention', LEVELS), fallbackText: 'V1' },
  },
  examples: ['kookeeper market', 'kookeeper market --seller http://localhost:5000/isv --speed 10000'],
  run: async ({ env, cwd, output }, { seller, folder: named, port, controlPort, speed, level, trouble, seed }) => {
    if (!/^https?:$/.test(URL.parse(seller)?.protocol ?? '')) {
      throw new CommandError('NO_SELLER', `give the seller's production address: --seller ${OUR_OWN}`, EXIT.badInput);
    }
    const folder = resolve(cwd, named);
    const running = await publishedAddress(folder);
    if (running !== null && (await isAnswering(running))) throw new CommandError('RUNNING_ALREADY', `a market runs in ${folder} already`, EXIT.badInput);
    const given = givenKeys(env, cwd);
    const keys = { ...(await keysOf(folder, random)), ...given };
    const broken = Promise.withResolvers<never>();
    const stopped = untilStopped(broken.promise);
    const market = await startMarket({
      seller,
      keys,
      database: join(folder, 'market.db'),
      port,
      now,
      random,
      speed,
      log: (call) => tellCall(output, call),
      ...(trouble === null ? {} : { disorder: { seed, chances: trouble } }),
      platform: { level: level ?? 'V1', tell: (event) => tellEvent(output, event) },
    }).catch(portTaken('--port'));
    try {
      const control = await serveControl(market, { port: controlPort, now }).catch(portTaken('--control-port'));
      const forget = await publishAddress(folder, control.url);
      const stopping = new AbortController();
      try {
        // The lines below are for people; this one is for programs, before the first call.
        if (output.format !== 'text') output.line(JSON.stringify({ market: { seller, openApi: market.openApiUrl, controlApi: control.url, page: `${control.url}/`, folder } }));
        output.progress(`seller       ${seller}`);
        output.progress(`open API     ${market.openApiUrl}`);
        output.progress(`control API  ${control.url}`);
        output.progress(`page         ${control.url}/`);
        output.progress(`kept in      ${folder}`);
        output.progress('The seller must be started with');
        for (const [name, value] of Object.entries(variables(market.openApiUrl, keys, given))) output.progress(`  ${name}=${value}`);
        output.progress('Ctrl-C ends the market; its orders stay.');
        if (market.platform !== null) keepTime(market.platform, { now, wait: (ms, signal) => delay(ms, undefined, { signal }) }, stopping.signal).catch(broken.reject);
        const signal = await stopped;
        output.progress(`${signal}: ending`);
        stopping.abort();
      } finally {
        stopping.abort();
        await forget();
        await control.close();
      }
    } finally {
      await market.close();
    }
    return EXIT.ok;
  },
});

/** What a seller that is kookeeper reads; another one has names of its own for the same four. */
function variables(openApi: string, keys: MarketKeys, given: Partial<MarketKeys>): Readonly<Record<string, string>> {
  // Ours open this market alone and may be shown; one from outside may be the real one.
  const shown = (key: keyof MarketKeys): string => (given[key] === undefined ? keys[key] : '(as given to this command)');
  return { KOOGALLERY_OPEN_API: openApi, KOOGALLERY_BASE_KEY: shown('base'), KOOGALLERY_AK: shown('ak'), KOOGALLERY_SK: shown('sk') };
}

function portFlag(summary: string, fallback: number): ValueFlag<number> {
  return {
    value: 'port',
    summary,
    fallback,
    parse: (text) => {
      const port = Number(text);
      if (!Number.isInteger(port) || port < 0 || port > 65_535) throw invalid('give a port from 0 to 65535');
      return port;
    },
  };
}
