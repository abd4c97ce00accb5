import { expect, it } from 'vitest';
import { append, appendFirst, commandsAfter, FIRST_SWEEP, findByKey, insertInstance, listCommands, lockInstance } from '../../src/store/mailbox.ts';
import { Instance, MailboxCommand } from '../../src/store/entities.ts';
import { countInstances } from '../../src/store/instances.ts';
import { onBoth } from './databases.ts';
import { create, identity, letter, NOW, rowOf, write } from './samples.ts';

const TWENTY = Array.from({ length: 20 }, (_, index) => index);

onBoth('the mailbox', (database) => {
  it('makes exactly one row for an order line, however many creates come at once', async () => {
    const made = await database.atOnce(20, (store) => create(store));
    expect(made.filter((row) => row !== null)).toHaveLength(1);
    expect(await database.em().count(Instance)).toBe(1);
    expect(await database.em().count(MailboxCommand)).toBe(1);
  });

  it('makes a row for each order line of simultaneous creates', async () => {
    const made = await database.atOnce(20, (store, index) => create(store, String(index)));
    expect(made.filter((row) => row !== null)).toHaveLength(20);
    expect(await countInstances(database.em())).toEqual({ phases: { creating: 20 }, needsPerson: 0, reasons: {}, waiting: 20, lost: 0 });
  });

  it('makes no second row for the line under another id, nor for another line under the same id', async () => {
    await create(database.store);
    const insert = (changes: object) => database.em().transactional((em) => insertInstance(em, { ...identity(), ...changes }, NOW));
    expect(await insert({ id: 'another' })).toBeNull();
    expect(await insert({ orderLineKey: 'another' })).toBeNull();
    expect(await database.em().count(Instance)).toBe(1);
  });

  it('begins with one command that waits, to be rung for when the inline ring had its time', async () => {
    await create(database.store);
    expect(await rowOf(database.store)).toMatchObject({ ...identity(), lastSeq: 1, taken: 0, waiting: true, waitingSince: NOW, ringAt: NOW + FIRST_SWEEP, rings: 0, phase: 'creating', version: 0, generation: 1 });
    expect(await commandsAfter(database.em(), 'instance-1', 0)).toMatchObject([{ seq: 1, instruction: { kind: 'create', orderId: 'CS1-1' } }]);
  });

  it('gives the row by id and by order line, and null for neither', async () => {
    await create(database.store);
    const find = (by: Parameters<typeof lockInstance>[1]) => database.em().transactional(async (em) => (await lockInstance(em, by))?.id ?? null);
    expect(await find({ id: 'instance-1' })).toBe('instance-1');
    expect(await find({ orderLineKey: identity().orderLineKey })).toBe('instance-1');
    expect(await find({ id: 'instance-2' })).toBeNull();
  });

  it('numbers concurrent commands without gap or double', async () => {
    await create(database.store);
    const seqs = await database.atOnce(20, (store, index) => write(store, '1', { key: `key-${index}` }));
    expect(seqs.toSorted((a, b) => a - b)).toEqual(TWENTY.map((index) => index + 2));
    const commands = await listCommands(database.em(), 'instance-1');
    expect(commands.map(({ seq }) => seq)).toEqual(TWENTY.concat(20).map((index) => index + 1));
    expect((await rowOf(database.store)).lastSeq).toBe(21);
  });

  it('leaves no number behind when the transaction is rolled back', async () => {
    await create(database.store);
    const failing = database.em().transactional(async (em) => {
      const row = await lockInstance(em, { id: 'instance-1' });
      if (row) await append(em, row, letter(), NOW);
      throw new Error('killed before the commit');
    });
    await expect(failing).rejects.toThrow('killed before the commit');
    expect((await rowOf(database.store)).lastSeq).toBe(1);
    expect(await listCommands(database.em(), 'instance-1')).toHaveLength(1);
    expect(await write(database.store)).toBe(2);
  });

  it('leaves neither row nor command of a create that is rolled back', async () => {
    const failing = database.em().transactional(async (em) => {
      await insertInstance(em, identity(), NOW);
      await appendFirst(em, 'instance-1', letter(), NOW);
      throw new Error('killed before the commit');
    });
    await expect(failing).rejects.toThrow('killed before the commit');
    expect(await database.em().count(Instance)).toBe(0);
    expect(await database.em().count(MailboxCommand)).toBe(0);
    expect(await create(database.store)).not.toBeNull();
  });

  it('keeps the number and the state when a caller appends twice on one reading of the row', async () => {
    await create(database.store);
    const failing = database.em().transactional(async (em) => {
      const row = await lockInstance(em, { id: 'instance-1' });
      if (!row) return;
      await append(em, row, letter(), NOW);
      await append(em, row, letter(), NOW);
    });
    await expect(failing).rejects.toThrow(/unique/i);
    expect((await rowOf(database.store)).lastSeq).toBe(1);
  });

  it('writes the command and the row’s numbers, and nothing else, when a call is appended', async () => {
    await create(database.store);
    const sent = await database.statements(() => write(database.store));
    expect(sent.map((sql) => sql.replaceAll(/[`"]/g, '').split(' ', 3).join(' '))).toEqual([expect.stringMatching(/^select /), 'insert into command', 'update instance set']);
    expect(sent[2]).not.toContain('state');
  });

  it('rings anew for a new command, but keeps since when the oldest has been waiting', async () => {
    await create(database.store);
    await database.em().nativeUpdate(Instance, { id: 'instance-1' }, { rings: 4, ringAt: NOW + 600_000 });
    await write(database.store, '1', {}, NOW + 60_000);
    expect(await rowOf(database.store)).toMatchObject({ lastSeq: 2, waiting: true, waitingSince: NOW, ringAt: NOW + 60_000 + FIRST_SWEEP, rings: 0 });
    await database.em().nativeUpdate(Instance, { id: 'instance-1' }, { waiting: false, waitingSince: null, taken: 2 });
    await write(database.store, '1', {}, NOW + 90_000);
    expect(await rowOf(database.store)).toMatchObject({ lastSeq: 3, waiting: true, waitingSince: NOW + 90_000 });
  });

  it('hands out the commands above a number, in order and as they were written', async () => {
    await create(database.store);
    await write(database.store, '1', { key: 'k', attempt: 2, by: 'person', instruction: { kind: 'renew', expireAt: NOW + 5, productId: null, formal: false } }, NOW + 1);
    await write(database.store, '1', { at: NOW - 9 }, NOW + 2);
    expect(await commandsAfter(database.em(), 'instance-1', 1)).toEqual([
      { seq: 2, at: NOW, receivedAt: NOW + 1, key: 'k', attempt: 2, by: 'person', instruction: { kind: 'renew', expireAt: NOW + 5, productId: null, formal: false } },
      { seq: 3, at: NOW - 9, receivedAt: NOW + 2, key: null, attempt: 1, by: 'marketplace', instruction: { kind: 'freeze' } },
    ]);
    expect(await commandsAfter(database.em(), 'instance-1', 3)).toEqual([]);
    expect(await commandsAfter(database.em(), 'instance-2', 0)).toEqual([]);
  });

  it('finds the newest attempt of a command with an order', async () => {
    await create(database.store);
    await write(database.store, '1', { key: 'renewal', attempt: 1 });
    await write(database.store, '1', { key: 'renewal', attempt: 2 });
    await write(database.store, '1', { key: 'other', attempt: 1 });
    expect(await findByKey(database.em(), 'instance-1', 'renewal')).toMatchObject({ seq: 3, attempt: 2 });
    expect(await findByKey(database.em(), 'instance-2', 'renewal')).toBeNull();
  });
});
