import { canonical, isJsonObject, JsonRefused, readJson, type JsonObject, type JsonValue } from '../../marketplace/json.ts';
import type { HandKit } from './kits.ts';

/** The call that is asked for cannot be made. */
export class NotMade extends Error {
  override readonly name = 'NotMade';
  readonly code: 'UNKNOWN_ACTIVITY' | 'NO_ACTIVITY' | 'BAD_BODY' | 'NEEDS_LIVE';
  constructor(code: NotMade['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** What a body is made of, each in place of the one before: the debugging case or the body given, `set`, and `testFlag` unless `live`. */
export interface Made {
  readonly activity: string | null;
  /** A body as text, from a file. */
  readonly given: string | null;
  readonly set: ReadonlyMap<string, JsonValue>;
  readonly drop: readonly string[];
  readonly live: boolean;
}

export interface Body {
  readonly text: string;
  /** The kit's rule that it breaks, as its receiver will say; null for none. */
  readonly problem: string | null;
}

/**
 * A body in KooGallery's form: compact, top-level members ascending, null ones left out. A live call takes nothing from the debugging case.
 * Throws NotMade.
 */
export function makeBody(kit: HandKit, { activity, given, set, drop, live }: Made): Body {
  const members = new Map<string, JsonValue>([...(given === null ? begin(kit, activity, live) : objectIn(given)), ...set]);
  if (activity !== null) members.set('activity', activity);
  for (const name of drop) members.delete(name);
  if (!live) {
    if (drop.includes('testFlag') || (members.get('testFlag') ?? '1') !== '1') throw new NotMade('NEEDS_LIVE', 'without testFlag "1" it is a live call: say so with --live');
    members.set('testFlag', '1');
  }
  return { text: canonical(members), problem: kit.problem(members) };
}

/** Whether every seller must take the call for a test: `testFlag` alone says so to all of them. */
export function isPlainTest(body: string): boolean {
  return membersOf(body)?.get('testFlag') === '1';
}

/** What the body calls its activity; null when it cannot be read. */
export function activityOf(body: string): string | null {
  const activity = membersOf(body)?.get('activity');
  return typeof activity === 'string' && /^[A-Za-z]{1,32}$/.test(activity) ? activity : null;
}

/** The body in KooGallery's form; null when it is no JSON object. */
export function sortedForm(body: string): string | null {
  const members = membersOf(body);
  return members === null ? null : canonical(members);
}

/** Reads `--set name=text` or `--set name:=json`; null when it is neither. */
export function readMember(text: string): readonly [string, JsonValue] | null {
  const [, name, json, value = ''] = /^([^:=]+)(:?)=([\s\S]*)$/.exec(text) ?? [];
  if (name === undefined) return null;
  if (json === '') return [name, value];
  try {
    return [name, readJson(value)];
  } catch (error) {
    if (error instanceof JsonRefused) return null;
    throw error;
  }
}

function membersOf(body: string): JsonObject | null {
  try {
    const object = readJson(body);
    return isJsonObject(object) ? object : null;
  } catch (error) {
    if (error instanceof JsonRefused) return null;
    throw error;
  }
}

function begin({ samples }: HandKit, activity: string | null, live: boolean): JsonObject {
  const known = Object.keys(samples).join(', ');
  if (activity === null) throw new NotMade('NO_ACTIVITY', `give an activity (${known}), or a body with --file`);
  const sample = samples[activity];
  if (sample === undefined || !Object.hasOwn(samples, activity)) throw new NotMade('UNKNOWN_ACTIVITY', `there is no activity ${activity}: give one of ${known}`);
  return live ? new Map() : objectIn(JSON.stringify(sample));
}

function objectIn(text: string): JsonObject {
  try {
    const value = readJson(text);
    if (isJsonObject(value)) return value;
  } catch (error) {
    if (!(error instanceof JsonRefused)) throw error;
    throw new NotMade('BAD_BODY', `the body is not acceptable JSON: ${error.message}; --as-is sends it all the same`);
  }
  throw new NotMade('BAD_BODY', 'the body must be a JSON object; --as-is sends it all the same');
}
