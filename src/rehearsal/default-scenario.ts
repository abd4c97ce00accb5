import { parseScenario, type Scenario } from './scenario.ts';

/** What is played when no file is given: everything that usually comes up in a subscription's life, and an end that the marketplace forgets. */
export const DEFAULT_SCENARIO: Scenario = parseScenario({
  about: 'a whole subscription: renewed early and refunded, frozen and renewed, upgraded, a violation, and an end that the marketplace forgets',
  buy: { periodType: 'year', periodNumber: 1, linearValue: 5 },
  level: 'V3',
  steps: [
    { after: '10d', do: 'upgrade', linearValue: 10 },
    { after: '20d', do: 'violate' },
    { after: '2d', do: 'lift' },
    { beforeEnd: '60d', do: 'trouble', chances: { duplicate: 1 } },
    { after: '1d', do: 'renew' },
    { after: '10d', do: 'refund' },
    { do: 'trouble' },
    // The platform freezes by the customer level, or our own clock does.
    { once: 'frozen', after: '12h', do: 'renew' },
    { after: '1d', do: 'open' },
    { after: '5d', do: 'pause-platform' },
    { do: 'probe' },
    { afterEnd: '60d', do: 'release' },
  ],
});
