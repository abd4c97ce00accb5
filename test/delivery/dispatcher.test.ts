import { describe, expect, it } from 'vitest';
import { NOW, rowOf, write } from '../store/samples.ts';
import { line, lines, MINUTE, numbered, SECOND, setScene } from './scene.ts';
import { settle } from './simulated-timer.ts';

describe('the dispatcher', () => {
  const scene = setScene();

  describe('rings inline', () => {
    it('at once, once, and without the sweeper', async () => {
      const dispatcher = scene.open();
      dispatcher.ring(await scene.admit('a'));
      await settle();
      expect(scene.bell.rung).toEqual([line('a')]);
      expect(dispatcher.reachable()).toBe(true);
    });

    it('never throwing and never waiting, whatever the bell does', async () => {
      const dispatcher = scene.open();
      const mailbox = await scene.admit('a');
      scene.bell.refuse(line('a'), new Error('INVALID_ARGUMENT'));
      expect(dispatcher.ring(mailbox)).toBeUndefined();
      await settle();
      scene.bell.mood = 'down';
      expect(dispatcher.ring(mailbox)).toBeUndefined();
      await settle();
      expect(dispatcher.reachable()).toBe(false);
      expect(scene.logged.map(({ level }) => level)).toEqual([50, 40]);
    });

    it('at most 32 at a time, 24 of them starts, and leaves the others to the sweeper', async () => {
      const letGo = scene.bell.hold();
      const dispatcher = scene.open();
      const starts = await Promise.all(numbered(40, 's').map(scene.admit));
      const signals = (await Promise.all(numbered(40, 't').map(scene.admit))).map((mailbox) => ({ ...mailbox, neverTaken: false }));
      for (const mailbox of starts) dispatcher.ring(mailbox);
      expect(scene.bell.underWay).toMatchObject({ now: 24 });
      for (const mailbox of signals) dispatcher.ring(mailbox);
      expect(scene.bell.underWay).toEqual({ now: 32, most: 32, mostStarts: 24 });
      letGo();
      await settle();
      expect(scene.bell.underWay.now).toBe(0);
    });
  });

  describe('sweeps', () => {
    it('make a lost inline ring good after 2 s', async () => {
      const dispatcher = scene.open();
      await scene.admit('a');
      dispatcher.start();
      await scene.timer.pass(2 * SECOND - 1);
      expect(scene.bell.rung).toEqual([]);
      await scene.timer.pass(1);
      expect(scene.bell.rung).toEqual([line('a')]);
    });

    it('ring again after 30 s, doubling to 10 minutes, as long as nothing is taken', async () => {
      const dispatcher = scene.open();
      await scene.admit('a');
      dispatcher.start();
      const at: number[] = [];
      for (let minute = 0; minute < 47 * 2; minute += 1) {
        const before = scene.bell.rung.length;
        await scene.timer.pass(30 * SECOND);
        if (scene.bell.rung.length > before) at.push(scene.timer.now() - NOW);
        expect(scene.bell.rung.length - before).toBeLessThanOrEqual(1);
      }
      const gaps = at.map((instant, index) => (instant - (at[index - 1] ?? 0)) / MINUTE);
      expect(gaps.slice(1)).toEqual([0.5, 1, 2, 4, 8, 10, 10, 10]);
      expect((await rowOf(scene.store, 'a')).rings).toBe(9);
    });

    it('end when the mailbox is taken, and begin anew with the next command', async () => {
      const dispatcher = scene.open();
      await scene.admit('a');
      dispatcher.start();
      await scene.timer.pass(2 * SECOND);
      await scene.take('a');
      await scene.timer.pass(20 * MINUTE);
      expect(scene.bell.rung).toHaveLength(1);
      await write(scene.store, 'a', {}, scene.timer.now());
      await scene.timer.pass(2 * SECOND);
      expect(scene.bell.rung).toHaveLength(2);
      expect(scene.bell.workflows.get(line('a'))).toMatchObject({ running: true, signals: 1 });
    });

    it('do not let a new command wait for the long back-off of an old one', async () => {
      const dispatcher = scene.open();
      await scene.admit('a');
      dispatcher.start();
      await scene.timer.pass(10 * MINUTE);
      const before = scene.bell.rung.length;
      await write(scene.store, 'a', {}, scene.timer.now());
      await scene.timer.pass(2 * SECOND);
      expect(scene.bell.rung).toHaveLength(before + 1);
    });

    it('ring oldest first, at most 32 at a time and 24 of them starts, until all are rung for', async () => {
      const starts = numbered(60, 's');
      const signals = numbered(30, 't');
      for (const name of starts) {
        await scene.admit(name);
        await scene.timer.pass(1);
      }
      for (const name of signals) {
        await scene.bell.ring(await scene.admit(name));
        await scene.take(name);
        await write(scene.store, name, {}, scene.timer.now());
        await scene.timer.pass(1);
      }
      const before = scene.bell.rung.length;
      const dispatcher = scene.open();
      dispatcher.start();
      await scene.timer.pass(3 * SECOND);
      expect(scene.bell.rung.filter((rung) => rung.includes('-s'))).toEqual(lines(starts));
      expect(scene.bell.rung.slice(before).filter((rung) => rung.includes('-t'))).toEqual(lines(signals));
      expect(signals.map((name) => scene.bell.workflows.get(line(name))?.signals)).toEqual(signals.map(() => 1));
      expect(scene.bell.underWay).toMatchObject({ now: 0 });
      expect(scene.bell.underWay.most).toBeLessThanOrEqual(32);
      expect(scene.bell.underWay.mostStarts).toBe(24);
    });

    it('share the room with the inline rings, and do not look again and again while there is none', async () => {
      const letGo = scene.bell.hold();
      const inline = await Promise.all(numbered(24, 'i').map(scene.admit));
      await Promise.all(numbered(40, 'w').map(scene.admit));
      const dispatcher = scene.open();
      for (const mailbox of inline) dispatcher.ring(mailbox);
      dispatcher.start();
      await scene.timer.pass(4 * SECOND);
      expect(scene.bell.underWay).toEqual({ now: 24, most: 24, mostStarts: 24 });
      letGo();
      await scene.timer.pass(4 * SECOND);
      expect(new Set(scene.bell.rung).size).toBe(64);
      expect(scene.bell.underWay.mostStarts).toBe(24);
    });
  });
});
