import { HAND, type PersonKind } from '../../lifecycle/hand.ts';
import { act } from '../../operations/act.ts';
import { byHand, instanceArgument, waitFlag } from '../by-hand.ts';
import { defineCommand, type CliCommand } from '../command.ts';

/** The commands that take nothing but the instance, one for each such row of the hand's table. */
function simple(kind: Exclude<PersonKind, 'complete' | 'abandon' | 'release'>, action: string): CliCommand {
  return defineCommand({
    arguments: [{ ...instanceArgument, summary: `${instanceArgument.summary}. ${HAND[kind].does}` }],
    flags: { wait: waitFlag },
    examples: [`kookeeper instance ${action} CS2611210001-000001`, `kookeeper instance ${action} CS2611210001-000001 --wait 1m --output json`],
    run: (context, { wait }, [name = '']) => byHand(context, action, name, wait, (desk) => act(desk, name, { kind })),
  });
}

export const retry = simple('retry', 'retry');
export const hold = simple('hold', 'hold');
export const unhold = simple('unhold', 'unhold');
export const freeze = simple('freeze', 'freeze');
export const unfreeze = simple('unfreeze', 'unfreeze');
export const cancelRelease = simple('cancelRelease', 'cancel-release');
