import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';

const fromHere = createRequire(import.meta.url);

// Replaying a history compares protobufjs types with instanceof: a second copy makes `historyFromJSON` throw "type must be a Type".
// Without our direct dependency npm hoists version 7 for @grpc/proto-loader, and each Temporal package gets an 8 of its own.
describe('protobufjs', () => {
  it('is version 8 at the root', () => {
    expect((fromHere('protobufjs/package.json') as { version: string }).version).toMatch(/^8\./);
  });

  it.each(['@temporalio/common', '@temporalio/proto', '@temporalio/worker', '@temporalio/client'])('is one copy for us and %s', (name) => {
    const fromThere = createRequire(fromHere.resolve(name));
    expect(fromThere.resolve('protobufjs/package.json')).toBe(fromHere.resolve('protobufjs/package.json'));
  });
});
