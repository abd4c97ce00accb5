import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Recorded, RecorderSinks } from './recorder.ts';

const FOLDER = new URL('./histories/', import.meta.url);
const NAMES = readdirSync(FOLDER).map((file) => file.replace('.json', ''));

type Json = { events: Record<string, unknown>[] };

const read = (name: string): Json => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as Json;

describe('histories captured from the real server', () => {
  let bundle: WorkflowBundleWithSourceMap;
  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    bundle = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
      workflowInterceptorModules: [fileURLToPath(new URL('./recorder.ts', import.meta.url))],
      logger: new DefaultLogger('ERROR'),
    });
  });

  const replay = async (history: Json): Promise<Recorded[]> => {
    const recorded: Recorded[] = [];
    const sinks: import('@temporalio/worker').InjectedSinks<RecorderSinks> = {
      recorder: { record: { fn: (_info, entry) => void recorded.push(entry), callDuringReplay: true } },
    };
    await Worker.runReplayHistory({ workflowBundle: bundle, sinks }, historyFromJSON(history));
    return recorded;
  };

  it('cover every path of the life', () => {
    expect(NAMES).toEqual(['active', 'cancelled-build', 'life', 'refused']);
  });

  it.each(NAMES)('%s replays under the code of today', async (name) => {
    const recorded = await replay(read(name));
    expect(recorded.length).toBeGreaterThan(0);
  });

  it.each(NAMES)('%s asks for the same effects with the same arguments and deadlines, and sets the same timers', async (name) => {
    const history = read(name);
    const recorded = await replay(history);
    expect(recorded.filter(({ kind }) => kind === 'activity').map(({ name: type, args }) => [type, JSON.parse(args)])).toEqual(activitiesOf(history).map(({ type, args }) => [type, args]));
    expect(recorded.filter(({ kind }) => kind === 'activity').map(({ limits }) => limitsOf(limits))).toEqual(activitiesOf(history).map(({ limits }) => limits));
    expect(recorded.filter(({ kind }) => kind === 'timer').map(({ limits }) => Number(limits))).toEqual(timersOf(history));
  });

  it('are refused when the code would do something else', async () => {
    const history = read('life');
    const changed = JSON.parse(JSON.stringify(history).replaceAll('"name":"suspend"', '"name":"remove"')) as Json;
    await expect(replay(changed)).rejects.toThrow(/TMPRL1100/);
  });

  it('show a changed argument and a changed timer, which replay alone lets pass', async () => {
    const history = read('life');
    const scheduled = history.events.find((event) => nameOf(event) === 'provision');
    const attributes = scheduled?.['activityTaskScheduledEventAttributes'] as { input: { payloads: { data: string }[] } };
    const [payload] = attributes.input.payloads;
    if (!payload) throw new Error('no payload');
    payload.data = Buffer.from('{"instanceId":"another"}').toString('base64');
    const recorded = await replay(history);
    expect(recorded.find(({ name }) => name === 'provision')?.args).not.toBe(JSON.stringify(activitiesOf(history).find(({ type }) => type === 'provision')?.args));
    const timer = history.events.find((event) => 'timerStartedEventAttributes' in event)?.['timerStartedEventAttributes'] as { startToFireTimeout: string };
    timer.startToFireTimeout = '1s';
    expect(timersOf(history)).not.toEqual((await replay(history)).filter(({ kind }) => kind === 'timer').map(({ limits }) => Number(limits)));
  });
});

interface ScheduledActivity {
  readonly type: string;
  readonly args: unknown;
  readonly limits: unknown;
}

function activitiesOf({ events }: Json): ScheduledActivity[] {
  return events.flatMap((event) => {
    const attributes = event['activityTaskScheduledEventAttributes'] as
      | {
          activityType: { name: string };
          taskQueue: { name: string };
          input: { payloads: { data: string }[] };
          scheduleToCloseTimeout: string;
          startToCloseTimeout: string;
          heartbeatTimeout: string;
          retryPolicy: { maximumAttempts: number };
        }
      | undefined;
    if (!attributes) return [];
    const { activityType, input, scheduleToCloseTimeout, startToCloseTimeout, heartbeatTimeout, taskQueue, retryPolicy } = attributes;
    return {
      type: activityType.name,
      args: input.payloads.map(({ data }) => JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as unknown),
      limits: [...[scheduleToCloseTimeout, startToCloseTimeout, heartbeatTimeout].map(seconds), queueKind(taskQueue.name), retryPolicy.maximumAttempts],
    };
  });
}

function limitsOf(text: string): unknown {
  const [scheduleToClose, startToClose, heartbeat, taskQueue, attempts] = JSON.parse(text) as [string | number, string | number, string | number, string | undefined, number];
  return [...[scheduleToClose, startToClose, heartbeat].map((duration) => msToNumber(duration as never) / 1000), queueKind(taskQueue ?? ''), attempts];
}

/** Queues of captured runs have names of their own, and a replay has none: what must not change is which of the two is used. */
function queueKind(name: string): string {
  return name.endsWith('provision') ? 'provision' : 'life';
}

function timersOf({ events }: Json): number[] {
  return events.flatMap((event) => {
    const attributes = event['timerStartedEventAttributes'] as { startToFireTimeout: string } | undefined;
    return attributes ? [Math.round(seconds(attributes.startToFireTimeout) * 1000)] : [];
  });
}

function seconds(text: string): number {
  return Number(text.replace(/s$/, ''));
}

function nameOf(event: Record<string, unknown>): string | undefined {
  return (event['activityTaskScheduledEventAttributes'] as { activityType: { name: string } } | undefined)?.activityType.name;
}
