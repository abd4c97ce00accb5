const SHAPE = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether a string can be an instance id at all: what a file name, a path of a web address and a database name can carry unchanged. */
export function isInstanceId(value: string): boolean {
  return SHAPE.test(value);
}

/** An id that is not one of ours reached a provisioner. Nothing was looked up or touched. Trying again does not help. */
export class InstanceIdUnsafe extends Error {
  override readonly name = 'InstanceIdUnsafe';
  readonly code = 'INSTANCE_ID_UNSAFE';
  constructor() {
    super('an instance id is 1 to 64 of the characters A-Z, a-z, 0-9, "_" and "-"; this one is something else');
  }
}

/** Throws InstanceIdUnsafe unless the id is 1 to 64 of `A-Za-z0-9_-`. Every verb of every adapter begins with it. */
export function requireInstanceId(instanceId: string): void {
  if (!isInstanceId(instanceId)) throw new InstanceIdUnsafe();
}
