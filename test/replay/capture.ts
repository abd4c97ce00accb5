// Plays every path of life on the real server and keeps its history below histories/unreleased:
//   node_modules/.bin/vitest run --config test/replay/capture.config.ts [-t <scene>]
// docs/guides/changing-the-workflow.md says when. Never to make a failing replay of a released history pass.
import { describe, expect, it } from 'vitest';
import { startEngine } from '../support/engine.ts';
import { memoryTenants } from '../support/provisioners.ts';
import { SCENES } from './scenes/index.ts';
import { stageOf } from './scenes/stage.ts';

describe.concurrent('captured', () => {
  it.each(Object.entries(SCENES))('%s', async (name, { play, ...options }) => {
    const provisioners = memoryTenants();
    const engine = await startEngine({ provisioners, ...options });
    try {
      await expect(play(stageOf(name, engine, provisioners))).resolves.toBeUndefined();
    } finally {
      await engine.stop();
    }
  });
});
