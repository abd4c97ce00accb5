import { describe, expect, it } from 'vitest';
import { rowOf } from '../store/samples.ts';
import { line, lines, numbered, SECOND, setScene } from './scene.ts';
import { settle } from './simulated-timer.ts';

describe('the dispatcher in trouble', () => {
  const scene = setScene();

  describe('sweeps', () => {
    it('go on with the others when one mailbox is refused, and try that one again', async () => {
      const dispatcher = scene.open();
      scene.bell.refuse(line('b'), new Error('INVALID_ARGUMENT: the fake says no'));
      for (const name of ['a', 'b', 'c']) await scene.admit(name);
      dispatcher.start();
      await scene.timer.pass(2 * SECOND);
      expect(scene.bell.rung).toEqual(lines(['a', 'b', 'c']));
      expect([...scene.bell.workflows.keys()]).toEqual(lines(['a', 'c']));
      expect(dispatcher.reachable()).toBe(true);
      expect(scene.logged).toMatchObject([{ level: 50, instanceId: 'instance-b', msg: 'ringing for this instance failed; it is tried again' }]);
      scene.bell.refuse(line('b'), null);
      await scene.timer.pass(30 * SECOND);
      expect(scene.bell.workflows.has(line('b'))).toBe(true);
    });

    it('tell a person of a workflow that is gone, and keep its command', async () => {
      const dispatcher = scene.open();
      await dispatcher.sweep();
      await scene.admit('a');
      await scene.bell.ring({ ...(await scene.admit('b')), neverTaken: true });
      scene.bell.close(line('b'));
      await scene.timer.pass(2 * SECOND);
      await dispatcher.sweep();
      expect(scene.logged).toMatchObject([{ level: 50, instanceId: 'instance-b', msg: expect.stringContaining('gone') }]);
      expect(await rowOf(scene.store, 'b')).toMatchObject({ waiting: true, rings: 1 });
    });

    it('survive a database that fails for a while', async () => {
      const dispatcher = scene.open();
      await scene.admit('a');
      dispatcher.start();
      const execute = (sql: string) => scene.store.em().getConnection().execute(sql);
      await execute('alter table instance rename to instance_away');
      await scene.timer.pass(5 * SECOND);
      expect(scene.bell.rung).toEqual([]);
      expect(new Set(scene.logged.map(({ msg }) => msg))).toEqual(new Set(['looking for waiting mailboxes failed; it is tried again']));
      await execute('alter table instance_away rename to instance');
      await scene.timer.pass(SECOND);
      expect(scene.bell.rung).toEqual([line('a')]);
    });

    it('ring again when the ring went out but its putting off could not be stored', async () => {
      const dispatcher = scene.open();
      const names = numbered(32);
      for (const name of names) await scene.admit(name);
      const execute = (sql: string) => scene.store.em().getConnection().execute(sql);
      await execute("create trigger refusing before update on instance begin select raise(abort, 'read only'); end");
      dispatcher.start();
      await scene.timer.pass(3 * SECOND);
      // Once a second, not as fast as it can.
      expect(scene.bell.rung.length).toBeLessThanOrEqual(2 * names.length);
      await execute('drop trigger refusing');
      await scene.timer.pass(10 * SECOND);
      expect([...scene.bell.workflows.keys()]).toEqual(lines(names));
      for (const name of names) expect((await rowOf(scene.store, name)).rings).toBe(1);
    });
  });

  describe('while the server is down', () => {
    it('probes with the oldest mailbox alone, and rings for all as soon as the server is back', async () => {
      const names = numbered(40);
      for (const name of names) {
        await scene.admit(name);
        await scene.timer.pass(1);
      }
      scene.bell.mood = 'down';
      const dispatcher = scene.open();
      dispatcher.start();
      await scene.timer.pass(2 * SECOND);
      expect(dispatcher.reachable()).toBe(false);
      const atFirst = scene.bell.rung.length;
      expect(atFirst).toBeLessThanOrEqual(32);
      await scene.timer.pass(60 * SECOND);
      expect(scene.bell.rung.slice(atFirst)).toEqual(Array.from({ length: 60 }, () => line('n00')));
      expect(scene.logged.map(({ msg }) => msg)).toEqual(['Temporal does not answer: commands wait in the mailboxes and are carried out when it is back']);

      scene.bell.mood = 'up';
      const before = scene.bell.rung.length;
      await scene.timer.pass(SECOND);
      expect(scene.bell.rung.slice(before)).toEqual(lines(names));
      expect(dispatcher.reachable()).toBe(true);
      expect(scene.logged.at(-1)?.msg).toBe('Temporal answers again');
    });

    it('leaves inline rings to the sweeper', async () => {
      const dispatcher = scene.open();
      scene.bell.mood = 'down';
      dispatcher.ring(await scene.admit('a'));
      await settle();
      dispatcher.ring(await scene.admit('b'));
      await settle();
      expect(scene.bell.rung).toEqual([line('a')]);
      scene.bell.mood = 'up';
      dispatcher.start();
      await scene.timer.pass(2 * SECOND);
      expect([...scene.bell.workflows.keys()]).toEqual(lines(['a', 'b']));
    });

    it('finds out that the server is back also by a mailbox that it refuses', async () => {
      const dispatcher = scene.open();
      scene.bell.mood = 'down';
      dispatcher.ring(await scene.admit('a'));
      await settle();
      scene.bell.mood = 'up';
      scene.bell.refuse(line('a'), new Error('INVALID_ARGUMENT'));
      await scene.timer.pass(2 * SECOND);
      await dispatcher.sweep();
      expect(dispatcher.reachable()).toBe(true);
    });

    it('starts a workflow once when the server took the ring and the answer got lost', async () => {
      const dispatcher = scene.open();
      scene.bell.mood = 'lost answer';
      dispatcher.ring(await scene.admit('a'));
      dispatcher.start();
      await scene.timer.pass(5 * SECOND);
      scene.bell.mood = 'up';
      await scene.timer.pass(5 * SECOND);
      expect(scene.bell.rung.length).toBeGreaterThan(2);
      expect(scene.bell.workflows.get(line('a'))).toMatchObject({ running: true, signals: 0 });
      expect((await rowOf(scene.store, 'a')).rings).toBe(1);
    });
  });
});
