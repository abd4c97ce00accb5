/** What the simulator refuses because of how it is used. What a seller does wrong is never thrown: it stands in the call. */
export abstract class MarketError extends Error {
  abstract readonly code: string;
}

/** Nothing can be sent before the seller's address is known: `setSeller`. */
export class NoSeller extends MarketError {
  override readonly name = 'NoSeller';
  readonly code = 'NO_SELLER';
  constructor() {
    super('the market does not know the seller’s address yet: call setSeller first');
  }
}

/** The order is not in this market's books, or not of the kind the action needs. */
export class NoOrder extends MarketError {
  override readonly name = 'NoOrder';
  readonly code = 'NO_ORDER';
}

/** The journal has no call of this number. */
export class NoCall extends MarketError {
  override readonly name = 'NoCall';
  readonly code = 'NO_CALL';
  constructor(seq: number) {
    super(`this market has sent no call ${seq}`);
  }
}

/** What a person wants different cannot be read. */
export class BadSetting extends MarketError {
  override readonly name = 'BadSetting';
  readonly code = 'BAD_SETTING';
}

/** The seller has not given an instance id for this order yet: its create must succeed first. */
export class NoInstance extends MarketError {
  override readonly name = 'NoInstance';
  readonly code = 'NO_INSTANCE';
  constructor(orderId: string) {
    super(`the seller has given no instance id for order ${orderId} yet`);
  }
}

/** The time given to a seller ran out. Says nothing about whether it would have finished later. */
export class NotReady extends MarketError {
  override readonly name = 'NotReady';
  readonly code = 'NOT_READY';
}

/** A rotation to the key that signs already: nothing would change. */
export class SameKey extends MarketError {
  override readonly name = 'SameKey';
  readonly code = 'SAME_KEY';
  constructor() {
    super('this key signs the calls already: a rotation needs another one');
  }
}

/** The platform has taken the product off sale: probes failed for days, or too many orders failed. */
export class NotOnSale extends MarketError {
  override readonly name = 'NotOnSale';
  readonly code = 'NOT_ON_SALE';
  constructor(trading: string) {
    super(`the product cannot be bought: its trading is ${trading}; put it on sale again first`);
  }
}

/** The market's folder holds a key file that cannot be read; nothing is guessed or overwritten, for the seller may have been given those keys. */
export class KeysUnusable extends MarketError {
  override readonly name = 'KeysUnusable';
  readonly code = 'KEYS_UNUSABLE';
  constructor(file: string, cause: unknown) {
    super(`${file} does not hold this market's keys: mend it, or delete it and give the seller the new ones`);
    this.cause = cause;
  }
}
