import { randomBytes } from 'node:crypto';

import { loadConfig } from '../config/load.ts';
import { didYouMean } from '../config/nearest.ts';
import type { Config } from '../config/types.ts';
import type { JsonValue } from '../marketplace/json.ts';
import { HAND_KITS, type HandKit } from '../simulator/by-hand/kits.ts';
import { isPlainTest, makeBody, NotMade, readMember } from '../simulator/by-hand/make-body.ts';
import type { Sending, Signer } from '../simulator/request.ts';
import { asBadInput } from './bad-input.ts';
import { CommandError } from './command-error.ts';
import { invalid, type Argument, type Context, type FlagValues, type ValueFlag } from './command.ts';
import { EXIT } from './exit-code.ts';
import { textFlag } from './flags.ts';
import { readBytes } from './read-input.ts';

export const activityArgument: Argument = { name: '[activity]', summary: 'for example newInstance; its members are those of the console’s debugging case (调试用例) unless you --set others', choices: Object.values(HAND_KITS).flatMap(({ samples }) => Object.keys(samples)) };

export const kitFlag: ValueFlag<HandKit> = {
  value: 'kit',
  summary: `which family of calls: ${Object.keys(HAND_KITS).join(', ')}`,
  fallback: HAND_KITS['saas-v2'],
  fallbackText: 'saas-v2',
  choices: Object.keys(HAND_KITS),
  parse: (text) => {
    const kit = Object.values(HAND_KITS).find(({ name }) => name === text);
    if (kit === undefined) throw invalid(`give one of ${Object.keys(HAND_KITS).join(', ')}`);
    return kit;
  },
};

const setFlag: ValueFlag<ReadonlyMap<string, JsonValue>> = {
  value: 'name=value',
  summary: 'a member of the body, as text; name:=value reads the value as JSON; may be repeated',
  fallback: new Map(),
  fallbackText: 'none',
  parse: (text, before) => {
    const member = readMember(text);
    if (member === null) throw invalid('give name=value, or name:=value with a value that is JSON');
    return new Map([...before, member]);
  },
};

const dropFlag: ValueFlag<readonly string[]> = {
  value: 'name',
  summary: 'leaves a member of the debugging case out; may be repeated',
  fallback: [],
  fallbackText: 'none',
  parse: (name, before) => [...before, name],
};

/** What `sign` and `send` share. */
export const callFlags = {
  kit: kitFlag,
  set: setFlag,
  drop: dropFlag,
  file: { ...textFlag('path', 'a body of your own, put into KooGallery’s form (sorted, compact, nulls left out); - for standard input'), fallbackText: 'none' },
  asIs: { summary: 'with --file: signs and sends its bytes untouched' },
  live: { summary: 'a live call: without testFlag=1, and only with the members that you give' },
  nonce: { ...textFlag('text', 'signs with this nonce'), fallbackText: 'random' },
  timestamp: { ...textFlag('text', 'signs with this stamp, as it is to stand in the URL'), fallbackText: 'now, in ms' },
} as const;

export interface Prepared {
  readonly kit: HandKit;
  readonly config: Config;
  readonly signer: Signer;
  readonly sending: Sending & { readonly body: Uint8Array };
  readonly payload: 'sorted' | 'asItIs';
}

/** Makes the body that the flags ask for, and finds the key to sign it with. Nothing is sent. Throws CommandError, ConfigError. */
export async function prepareCall(context: Context, flags: FlagValues<typeof callFlags>, activity: string | undefined, guarded: boolean): Promise<Prepared> {
  const { kit, file, asIs, live, nonce, timestamp } = flags;
  const { config, signer } = await signerFor(context, kit);
  const given = file === null ? null : await readBytes(file);
  const overrides = { ...(nonce === null ? {} : { nonce }), ...(timestamp === null ? {} : { timestamp }) };
  if (!asIs) return { kit, config, signer, sending: { body: made(context, flags, activity, given), overrides }, payload: 'sorted' };
  if (given === null || activity !== undefined || flags.set.size > 0 || flags.drop.length > 0) {
    throw new CommandError('AS_IS', '--as-is goes with --file alone: the bytes stay as they are', EXIT.badInput);
  }
  if (guarded && !live && !isPlainTest(given.toString())) throw new CommandError('NEEDS_LIVE', 'this body has no testFlag "1": if it is meant as a live call, say so with --live', EXIT.badInput);
  return { kit, config, signer, sending: { body: given, overrides }, payload: 'asItIs' };
}

function made({ output }: Context, { kit, set, drop, live }: FlagValues<typeof callFlags>, activity: string | undefined, given: Buffer | null): Uint8Array {
  if (activity !== undefined && given === null && !Object.hasOwn(kit.samples, activity)) {
    const known = Object.keys(kit.samples);
    throw new CommandError('UNKNOWN_ACTIVITY', `there is no activity ${activity}${didYouMean(activity, known) || `: give one of ${known.join(', ')}`}`, EXIT.badInput);
  }
  const { text, problem } = asBadInput([NotMade], () => makeBody(kit, { activity: activity ?? null, given: given?.toString() ?? null, set, drop, live }));
  if (problem !== null) output.progress(`note: by KooGallery's tables ${problem}`);
  return Buffer.from(text);
}

/** Signs with the newest access key of the kit's category. */
export async function signerFor(context: Context, kit: HandKit): Promise<{ readonly config: Config; readonly signer: Signer }> {
  const { config, keys } = await keysFor(context, kit);
  return { config, signer: { accessKey: keys[0], now: () => Date.now(), random: (size) => randomBytes(size) } };
}

/** The access keys of the kit's category, newest first. */
export async function keysFor({ env, cwd }: Context, kit: HandKit): Promise<{ readonly config: Config; readonly keys: readonly [string, ...string[]] }> {
  const config = await loadConfig({ env, cwd, need: 'show' });
  const [newest, ...older] = config.keys[kit.keys];
  const variable = `KOOGALLERY_${kit.keys.toUpperCase()}_KEY`;
  if (newest === undefined) throw new CommandError('NO_KEY', `set ${variable} (or ${variable}_FILE): without the access key no signature can be made or checked`, EXIT.badInput);
  return { config, keys: [newest, ...older] };
}

/** Our own production address on this machine. */
export function ownAddress({ port }: Config, { path }: HandKit): string {
  return `http://localhost:${port}${path}`;
}

/** An address of a seller as it is typed. */
export function addressOf(text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) throw new CommandError('BAD_ADDRESS', `${text} is no address: give it whole, like https://isv.example.com/koogallery/saas`, EXIT.badInput);
  const { username, password } = new URL(text);
  if (username !== '' || password !== '') throw new CommandError('BAD_ADDRESS', 'an address with a user name or password in it cannot be called', EXIT.badInput);
  return text;
}
