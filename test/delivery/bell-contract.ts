import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Unreachable, type Bell, type Mailbox } from '../../src/delivery/bell.ts';

/** What the contract needs of a bell: itself, and a look at what the server then holds. */
export interface Subject {
  readonly bell: Bell;
  /** Bells whose server does not answer: not there, silent, or closed to us. */
  readonly unreachable: readonly { readonly how: string; readonly bell: Bell }[];
  /** How often a workflow was started for the order line, and how many signals it has got. */
  seen(orderLineKey: string): Promise<{ starts: number; signals: number }>;
  /** The workflow ends. */
  end(orderLineKey: string): Promise<void>;
  close(): Promise<void>;
}

/** No ring lasts longer, whatever the server does: 4 s, and the gRPC client's back-off that may lie across that end. */
const LIMIT = 7_000;

/** The rules of the port, checked on a real server and on the fake. `make` is called once; each test has an order line of its own. */
export function describeBell(name: string, make: () => Promise<Subject>): void {
  describe(`${name} keeps the bell's contract`, () => {
    let subject: Subject;
    let untaken: Mailbox;
    let taken: Mailbox;
    beforeAll(async () => {
      subject = await make();
    });
    afterAll(() => subject.close());
    beforeEach(() => {
      const orderId = `CS${randomUUID()}`;
      untaken = { instanceId: randomUUID(), orderLineKey: `${orderId}/${orderId}-000001`, orderId, orderLineId: `${orderId}-000001`, neverTaken: true };
      taken = { ...untaken, neverTaken: false };
    });

    it('starts a workflow for a mailbox that nothing was ever taken from', async () => {
      expect(await subject.bell.ring(untaken)).toBe('rung');
      expect(await subject.seen(untaken.orderLineKey)).toEqual({ starts: 1, signals: 0 });
    });

    it('starts no second one, however often and from how many sides it is rung for', async () => {
      const rings = await Promise.all(Array.from({ length: 12 }, () => subject.bell.ring(untaken)));
      expect(rings).toEqual(Array.from({ length: 12 }, () => 'rung'));
      expect(await subject.bell.ring(untaken)).toBe('rung');
      expect(await subject.seen(untaken.orderLineKey)).toEqual({ starts: 1, signals: 0 });
    });

    it('signals the workflow once something was taken', async () => {
      await subject.bell.ring(untaken);
      expect(await subject.bell.ring(taken)).toBe('rung');
      expect(await subject.bell.ring(taken)).toBe('rung');
      expect(await subject.seen(untaken.orderLineKey)).toEqual({ starts: 1, signals: 2 });
    });

    it('says gone, and starts nothing, when a workflow that had taken something is not there', async () => {
      expect(await subject.bell.ring(taken)).toBe('gone');
      expect(await subject.seen(untaken.orderLineKey)).toEqual({ starts: 0, signals: 0 });
    });

    it('says gone for a workflow that has ended, and puts no other in its place', async () => {
      await subject.bell.ring(untaken);
      await subject.end(untaken.orderLineKey);
      expect(await subject.bell.ring(taken)).toBe('gone');
      expect(await subject.bell.ring(untaken)).toBe('gone');
      expect(await subject.seen(untaken.orderLineKey)).toEqual({ starts: 1, signals: 0 });
    });

    it('rings for many order lines at once, each for its own', async () => {
      const lines = Array.from({ length: 20 }, (_, index) => ({ ...untaken, orderLineKey: `${untaken.orderLineKey}-${index}` }));
      expect(await Promise.all(lines.map((line) => subject.bell.ring(line)))).toEqual(lines.map(() => 'rung'));
      expect(await Promise.all(lines.map((line) => subject.seen(line.orderLineKey)))).toEqual(lines.map(() => ({ starts: 1, signals: 0 })));
    });

    it('is Unreachable, within its limit, when the server is not there, silent, or closed to us, for starts and for signals', async () => {
      const started = performance.now();
      const failures = await Promise.all(
        subject.unreachable.flatMap(({ how, bell }) =>
          [untaken, taken].map(async (mailbox) => ({
            how,
            failed: await bell.ring(mailbox).catch((error: unknown) => error),
          })),
        ),
      );
      expect(performance.now() - started).toBeLessThan(LIMIT);
      expect(failures.map(({ how, failed }) => `${how}: ${failed instanceof Unreachable ? failed.code : String(failed)}`)).toEqual(failures.map(({ how }) => `${how}: TEMPORAL_UNREACHABLE`));
      expect(failures.every(({ failed }) => failed instanceof Unreachable && failed.cause instanceof Error)).toBe(true);
    });
  });
}
