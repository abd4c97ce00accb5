// What `kookeeper/market` means: the repository's TypeScript as it is, or the JavaScript of an installed package.
import { existsSync } from 'node:fs';

const source = new URL('../src/simulator/library.ts', import.meta.url);
const library = await import(existsSync(source) ? source.href : new URL('../dist/simulator/library.js', import.meta.url).href);

export const { startMarket, MarketError, NoInstance, NoOrder, NoSeller, NotOnSale, NotReady } = library;
