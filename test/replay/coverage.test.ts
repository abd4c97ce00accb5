import { describe, expect, it } from 'vitest';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { createLifeActivities, createProvisionActivities, type LifeActivities, type ProvisionActivities } from '../../src/activities/index.ts';
import type { CommandKind } from '../../src/lifecycle/command.ts';
import type { EffectKind, EffectResult } from '../../src/lifecycle/effect.ts';
import { HAND } from '../../src/lifecycle/hand.ts';
import { TRANSITIONS } from '../../src/lifecycle/transitions.ts';
import { sources } from '../architecture/source.ts';
import { carriedStates } from './carry.ts';
import { activitiesOf, attributesOf, decode, fixtures, type Payloads } from './history.ts';
import { SCENES } from './scenes/index.ts';
import { example } from './scenes/example.ts';

const all = fixtures();
const histories = all.map(({ history }) => history);
/** What no history has of what there is. */
const missing = (there: readonly string[], seen: readonly string[]): string[] => there.filter((name) => !seen.includes(name));

type ActivityName = keyof LifeActivities | keyof ProvisionActivities;

/** Each place of the shell that fixes the options of activities, and the activities that go through it. */
const WAYS: readonly { readonly file: string; readonly way: 'activity' | 'local'; readonly types: readonly ActivityName[] }[] = [
  { file: 'src/workflows/check-change.ts', way: 'activity', types: ['check'] },
  { file: 'src/workflows/effects.ts', way: 'activity', types: ['order', 'suspend', 'remove', 'notify'] },
  { file: 'src/workflows/effects.ts', way: 'activity', types: ['provision', 'resume', 'change'] },
  { file: 'src/workflows/hourly.ts', way: 'activity', types: ['readMeters'] },
  { file: 'src/workflows/hourly.ts', way: 'activity', types: ['compare'] },
  { file: 'src/workflows/instance.ts', way: 'activity', types: ['pull', 'store'] },
  { file: 'src/workflows/instance.ts', way: 'local', types: ['pull', 'store'] },
  { file: 'src/workflows/updates.ts', way: 'local', types: ['append'] },
];

const EFFECTS: Readonly<Record<EffectKind, true>> = { order: true, provision: true, suspend: true, resume: true, change: true, remove: true, notify: true };
/** Commands that stand in neither table. */
const BESIDE: Readonly<Record<Exclude<CommandKind, keyof typeof TRANSITIONS | keyof typeof HAND>, true>> = { revive: true, tell: true };
const COMMANDS = [...new Set([...Object.keys(TRANSITIONS), ...Object.keys(HAND), ...Object.keys(BESIDE)])];

interface Failure {
  readonly failure?: { readonly cause?: { readonly applicationFailureInfo?: { readonly type?: string } }; readonly applicationFailureInfo?: { readonly type?: string } };
}
const failures = histories.flatMap((history) => attributesOf<Failure>(history, 'activityTaskFailedEventAttributes').map(({ failure }) => failure?.applicationFailureInfo?.type ?? ''));
/** How an effect can end, and the trace that each end leaves. */
const ENDS: Readonly<Record<EffectResult['end'] | 'cut off', boolean>> = {
  done: histories.some((history) => attributesOf(history, 'activityTaskCompletedEventAttributes').length > 0),
  cancelled: histories.some((history) => attributesOf(history, 'activityTaskCanceledEventAttributes').length > 0),
  failed: failures.some((type) => !type.startsWith('refused:')),
  refused: failures.some((type) => type.startsWith('refused:')),
  'cut off': histories.some((history) => attributesOf(history, 'activityTaskTimedOutEventAttributes').length > 0),
};

interface Marker {
  readonly details?: { readonly data?: Payloads };
}
const scheduled = histories.flatMap(activitiesOf).map(({ type }) => type);
const locals = histories.flatMap((history) => attributesOf<Marker>(history, 'markerRecordedEventAttributes').flatMap(({ details }) => decode(details?.data).map((data) => (data as { activity_type?: string }).activity_type ?? '')));

describe('the captured histories', () => {
  it('hold every scene', () => {
    const files = all.map(({ name }) => name.split('/').at(-1) ?? '');
    // The example of a patch is beside its own test.
    const named = Object.keys(SCENES).filter((name) => !(name in example)).map((name) => name.replaceAll(/[^a-z0-9.]+/g, '-'));
    expect(named.filter((name) => !files.some((file) => file.startsWith(name)))).toEqual([]);
  });

  it('hold every type of workflow', () => {
    const types = sources('src/workflows').find(({ path }) => path.endsWith('/index.ts'))?.text.match(/(?<=\{ )\w+(?= \})/g) ?? [];
    expect(types).toContain('instance');
    const started = histories.flatMap((history) => attributesOf<{ workflowType: { name: string } }>(history, 'workflowExecutionStartedEventAttributes').map(({ workflowType }) => workflowType.name));
    expect(missing(types, started)).toEqual([]);
  });

  it('hold every kind of effect', () => {
    expect(missing(Object.keys(EFFECTS), scheduled)).toEqual([]);
  });

  it('hold every end of an effect', () => {
    expect(Object.entries(ENDS).filter(([, seen]) => !seen)).toEqual([]);
  });

  it('hold every kind of command, taken and settled', () => {
    const kinds = all.flatMap(({ stored }) => stored?.commands ?? []).flatMap(({ kind, outcome }) => (outcome === null ? [] : [kind]));
    expect(missing(COMMANDS, kinds)).toEqual([]);
  });

  it('hold every update of a person', () => {
    const accepted = histories.flatMap((history) =>
      attributesOf<{ acceptedRequest: { input: { name: string } } }>(history, 'workflowExecutionUpdateAcceptedEventAttributes').map(({ acceptedRequest }) => acceptedRequest.input.name),
    );
    expect(missing(Object.keys(HAND), accepted)).toEqual([]);
  });

  it('hold every activity, by every way that the shell calls it', () => {
    const unseen = WAYS.flatMap(({ file, way, types }) => missing(types, way === 'local' ? locals : scheduled).map((type) => `${file}: ${way} ${type}`));
    expect(unseen).toEqual([]);
  });

  it('hold a run that was continued, and its next', () => {
    expect(histories.some((history) => attributesOf(history, 'workflowExecutionContinuedAsNewEventAttributes').length > 0)).toBe(true);
    expect(histories.some((history) => attributesOf<{ continuedExecutionRunId?: string }>(history, 'workflowExecutionStartedEventAttributes').some(({ continuedExecutionRunId }) => Boolean(continuedExecutionRunId)))).toBe(true);
  });
});

describe('what they are held against', () => {
  it('is every activity there is', () => {
    const none = {} as ActivityDeps;
    const names = [...Object.keys(createLifeActivities(none)), ...Object.keys(createProvisionActivities(none))];
    expect(missing(names, WAYS.flatMap(({ types }) => types))).toEqual([]);
  });

  it('is every place where the shell fixes options', () => {
    const places = sources('src/workflows').flatMap(({ path, text }) => Array.from(text.matchAll(/\bproxy(?<local>Local)?Activities</g), ({ groups }) => `${path} ${groups?.['local'] ? 'local' : 'activity'}`));
    expect(places.toSorted()).toEqual(WAYS.map(({ file, way }) => `${file} ${way}`).toSorted());
  });

  it('is every version of the state', () => {
    const versions = new Set(carriedStates().map(({ stored }) => stored.v));
    const newest = all.reduce((highest, { stored }) => Math.max(highest, stored?.state.v ?? 0), 0);
    expect([...versions].toSorted((a, b) => a - b)).toEqual(Array.from({ length: newest }, (_, index) => index + 1));
  });
});
