import type { Answer } from '../../src/api/door.ts';
import type { Invariant } from './ledger.ts';
import { HOUR, MINUTE } from './schedule.ts';
import type { Wiring } from './wiring.ts';

/** A deliberate fault, let in through the wiring: the suite must find it, by one of these invariants. */
export interface Fault {
  readonly name: string;
  readonly breaks: readonly Invariant[];
  /** Made anew for each suite: some remember. */
  readonly wiring: () => Wiring;
}

export const FAULTS: readonly Fault[] = [
  {
    name: 'drop the nonce row',
    breaks: [5],
    wiring: () => ({
      async door(call, answer, { rows }) {
        const given = await answer(call);
        await rows('delete from nonce where nonce = ?', call.query['nonce'] ?? '');
        return given;
      },
    }),
  },
  {
    name: 'skip the version guard',
    breaks: [1, 2, 3, 8],
    // Whatever comes last stands.
    wiring: () => ({ storing: async ({ instanceId }, { rows }) => void (await rows('update instance set version = -1 where id = ?', instanceId)) }),
  },
  {
    name: 'take a command twice',
    breaks: [2, 3, 8],
    wiring: () => ({ pulled: (commands) => commands.flatMap((command, index) => [{ ...command, seq: command.seq + index }, { ...command, seq: command.seq + index + 1 }]) }),
  },
  {
    name: 'memoise a failure as the stored answer',
    breaks: [6],
    wiring: () => {
      const stored = new Map<string, Answer>();
      return {
        async door(call, answer, _, now) {
          const key = `${call.query['signature']}`;
          const earlier = stored.get(key);
          if (earlier && now - Number(call.query['timestamp']) <= MINUTE) return earlier;
          const given = await answer(call);
          if (!['000000', '000001', '000002', '000004'].includes(given.reply.resultCode)) stored.set(key, given);
          return given;
        },
      };
    },
  },
  {
    name: 'remove before keep is over',
    breaks: [3],
    wiring: () => ({ rules: (rules) => ({ ...rules, keep: rules.keep - HOUR }) }),
  },
  {
    name: 'lose rings and never sweep',
    breaks: [2, 8],
    wiring: () => {
      let rings = 0;
      return { sweeps: false, rings: () => (rings += 1) % 3 !== 0 };
    },
  },
  {
    name: 'build without looking for what was built',
    breaks: [1],
    wiring: () => ({ tenant: ({ verb }, status) => (verb === 'provision' && status !== 'absent' ? 'builds another' : 'as it should') }),
  },
  {
    name: 'say suspended and leave it open',
    breaks: [3, 9],
    wiring: () => ({ tenant: ({ verb }) => (verb === 'suspend' ? 'says done' : 'as it should') }),
  },
  {
    name: 'count a timer anew after a restart',
    breaks: [9],
    wiring: () => ({ timers: 'from the restart' }),
  },
  {
    name: 'take a probe for a live call',
    breaks: [10],
    wiring: () => ({ probes: 'live' }),
  },
  {
    name: 'answer without a record',
    breaks: [8],
    wiring: () => ({
      async door(call, answer, { rows }) {
        const given = await answer(call);
        await rows('delete from call where evidence like ?', `%${call.query['signature']}%`);
        return given;
      },
    }),
  },
  {
    name: 'change to another plan than the one that was paid for',
    breaks: [8],
    wiring: () => ({ changes: ({ verb }) => (verb === 'change' ? 'sku-9' : null) }),
  },
  {
    name: 'say changed and leave the plan as it was',
    breaks: [8],
    wiring: () => ({ tenant: ({ verb }) => (verb === 'change' ? 'says done' : 'as it should') }),
  },
  {
    name: 'ignore a hold',
    breaks: [3, 8],
    wiring: () => ({ pulled: (commands) => commands.map((command) => (command.instruction.kind === 'hold' ? { ...command, instruction: { kind: 'unhold' } } : command)) }),
  },
  {
    name: 'ignore a freeze by a person',
    breaks: [3, 8],
    wiring: () => ({ pulled: (commands) => commands.map((command) => (command.by === 'person' && command.instruction.kind === 'freeze' ? { ...command, instruction: { kind: 'retry' } } : command)) }),
  },
  {
    name: 'claim a notice and never tell it',
    breaks: [8, 9],
    wiring: () => ({ notices: 'swallowed' }),
  },
];
