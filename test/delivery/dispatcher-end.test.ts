import { describe, expect, it } from 'vitest';
import { rowOf } from '../store/samples.ts';
import { lines, MINUTE, numbered, SECOND, setScene } from './scene.ts';
import { settle } from './simulated-timer.ts';

describe('the dispatcher at its end', () => {
  const scene = setScene();

  describe('stopped', () => {
    it('waits for the rings under way, and then rings for nobody', async () => {
      const letGo = scene.bell.hold();
      const dispatcher = scene.open();
      dispatcher.start();
      dispatcher.ring(await scene.admit('a'));
      await scene.admit('b');
      await scene.timer.pass(2 * SECOND);
      expect(scene.bell.underWay.now).toBe(3);
      let stopped = false;
      const stopping = dispatcher.stop().then(() => {
        stopped = true;
      });
      await settle();
      expect(stopped).toBe(false);
      letGo();
      await stopping;
      expect(scene.bell.underWay.now).toBe(0);
      // What was rung for is put off as always.
      expect((await rowOf(scene.store, 'b')).rings).toBe(1);

      const before = scene.bell.rung.length;
      expect(scene.timer.waiting()).toBe(0);
      dispatcher.ring(await scene.admit('c'));
      await dispatcher.sweep();
      await scene.timer.pass(10 * MINUTE);
      expect(scene.bell.rung).toHaveLength(before);
    });

    it('before it was started, and twice, does no harm', async () => {
      const dispatcher = scene.open();
      await dispatcher.stop();
      await dispatcher.stop();
      expect(scene.timer.waiting()).toBe(0);
    });
  });

  describe('killed', () => {
    it.each(['before-ring', 'after-ring'] as const)('%s, leaves the mailbox to the next process', async (point) => {
      const dispatcher = scene.open({
        crash(at) {
          if (at === point) throw new Error(`killed ${at}`);
        },
      });
      await scene.admit('a');
      await scene.timer.pass(2 * SECOND);
      await dispatcher.sweep();
      expect(scene.bell.rung).toHaveLength(point === 'before-ring' ? 0 : 1);
      expect((await rowOf(scene.store, 'a')).rings).toBe(0);
      await scene.open().sweep();
      expect(scene.bell.workflows.size).toBe(1);
      expect((await rowOf(scene.store, 'a')).rings).toBe(1);
    });

    it('or alive, two of them on one database start each workflow once', async () => {
      const names = numbered(30);
      for (const name of names) await scene.admit(name);
      scene.open().start();
      scene.open().start();
      await scene.timer.pass(5 * SECOND);
      expect([...scene.bell.workflows.keys()].toSorted()).toEqual(lines(names).toSorted());
      for (const name of names) expect((await rowOf(scene.store, name)).rings).toBe(1);
    });
  });
});
