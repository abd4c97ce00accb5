import type { JsonObject } from '../json.ts';

/** A call as it came off the wire, before anything is believed. */
export interface RawCall {
  readonly method: string;
  /** Query parameters, first value of each name, percent-decoded. */
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A call whose signature holds. */
export interface Opened {
  readonly refused: false;
  readonly body: JsonObject;
  readonly nonce: string;
  /** The signed timestamp as UTC ms. */
  readonly at: number;
  readonly evidence: {
    /** Whether the bytes as received or their re-serialised form carried the signature. */
    readonly matched: 'raw' | 'reserialised';
    /** Index of the access key that matched: 0 is the newest. */
    readonly key: number;
    readonly signature: string;
    readonly timestamp: string;
  };
}
