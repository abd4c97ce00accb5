import { playOneLife, type Lived } from '../../demo/one-life.ts';
import { MONTH, startSetting, type Setting } from '../../demo/setting.ts';
import { sellOne, type Sold } from '../../demo/to-explore.ts';
import { createTimeline, StoryBroken, type Moment } from '../../demo/timeline.ts';
import { untilStopped } from '../../processes/until-stopped.ts';
import { lazyClient } from '../../temporal/connect.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printRecord, type Output } from '../output.ts';
import { pad } from '../width.ts';

export const command = defineCommand({
  flags: { once: { summary: 'end after the life: exit code 0 when all went as it must, 1 with the reason otherwise' } },
  examples: ['npm run demo', 'npm run demo -- --once'],
  run: async ({ env, output }, { once }) => {
    const parts = Promise.withResolvers<never>();
    const stopped = untilStopped(parts.promise);
    const starting = startSetting(env, (text) => output.progress(text));
    const setting = await Promise.race([starting, stopped.then(() => null)]);
    if (setting === null) {
      output.progress('interrupted: stopping what has been started');
      await starting.then((begun) => begun.stop(false), () => undefined);
      return EXIT.incomplete;
    }
    setting.served.failed.catch(parts.reject);
    const { market, served, config, folder } = setting;
    const temporal = lazyClient({ address: served.temporalAddress, namespace: config.temporal.namespace, development: served.temporalUi !== null });
    const ui = (workflowId: string): string | null => served.temporalUi && `${served.temporalUi.replace('127.0.0.1', 'localhost')}/namespaces/${config.temporal.namespace}/workflows/${encodeURIComponent(workflowId)}`;
    const interrupt = new AbortController();
    const timeline = createTimeline((moment) => tell(output, moment), interrupt.signal);
    let lived: Lived | null = null;
    let broken: StoryBroken | null = null;
    try {
      const playing = playOneLife({ market, client: temporal.client, dataFolder: config.dataFolder, timeline }, (begun) => {
        lived = begun;
        if (output.format === 'text') output.line(`${begun.orderLineId} · one month shortened to ${MONTH / 1000} s`);
      }).catch((error: unknown) => {
        if (!(error instanceof StoryBroken)) throw error;
        // What breaks because everything is being stopped is no part of the story.
        if (!interrupt.signal.aborted) broken = error;
      });
      if (await Promise.race([playing.then(() => false), stopped.then(() => true)])) {
        interrupt.abort();
        output.progress('interrupted: stopping everything');
        return EXIT.incomplete;
      }
      summarise(output, timeline.moments, broken, lived && ui((lived as Lived).workflowId), config.publicUrl);
      if (!once) {
        if (broken === null && output.format === 'text') {
          const sold = await Promise.race([sellOne(market), stopped.then(() => null)]);
          if (sold !== null) invite(output, sold, setting, ui(sold.workflowId));
        }
        output.progress(`market's open API ${market.openApiUrl} · production address http://localhost:${served.api.port}/koogallery/saas · data in ${folder} until Ctrl-C ends the demo`);
        await stopped;
      }
      return broken === null ? EXIT.ok : EXIT.failed;
    } finally {
      await temporal.close();
      await setting.stop(broken !== null);
      if (broken !== null) output.progress(`databases and the Temporal server's log are kept in ${folder}`);
    }
  },
});

function tell(output: Output, { at, who, what, result, ms, note, ok }: Moment): void {
  if (output.format === 'jsonl') output.line(JSON.stringify({ at, who, what, result, ms, note, ok }));
  if (output.format !== 'text') return;
  const text = `${at.toFixed(1).padStart(5)} s  ${pad(who, 6)}  ${pad(what, 24)} ${pad(result, 6)} ${String(ms).padStart(6)} ms  ${note}`.trimEnd();
  output.line(ok ? text : output.paint('red', text));
}

function summarise(output: Output, moments: readonly Moment[], broken: StoryBroken | null, ui: string | null, app: string): void {
  const good = moments.filter(({ ok }) => ok).length;
  if (output.format === 'json') return printRecord(output, { ok: broken === null, moments, temporal: ui, app });
  if (output.format === 'jsonl') return;
  output.line(broken === null ? output.paint('green', `✓ ${good} of ${moments.length} as they must be`) : output.paint('red', `✗ ${broken.message}`));
  if (ui !== null) output.line(`  Temporal  ${ui}`);
  output.line(`  App       ${app}`);
}

/** What there is to touch once the story is over: its own instance is gone by then. */
function invite(output: Output, { orderLineId, access }: Sold, { config, served }: Setting, ui: string | null): void {
  output.line('');
  output.line(`${orderLineId} · bought for a year, yours until Ctrl-C`);
  output.line(`  Log in    ${access.frontEndUrl}  user name ${access.userName}  password ${access.password}`);
  if (ui !== null) output.line(`  Temporal  ${ui}`);
  output.line(`  Calls     KOOKEEPER_DATA=${config.dataFolder} npx kookeeper calls list`);
  output.line(`  Counts    http://${config.operator.host}:${served.api.operatorPort}/counts`);
}
