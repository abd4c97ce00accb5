import type { Instruction } from './command.ts';
import type { PersonKind } from './hand.ts';

/** What a person may add to a command. Nothing secret: it stands in histories. */
export interface PersonInput {
  /** Of `abandon`: the result code that the marketplace is told, 000100 to 000107. */
  readonly code?: string;
  /** Of `abandon`: why, in plain words that the marketplace shows. */
  readonly message?: string;
  /** Of `complete`: the buyer of a purchase gets no access data from us. */
  readonly withoutAccess?: boolean;
}

const TAKES: Readonly<Partial<Record<PersonKind, readonly string[]>>> = { abandon: ['code', 'message'], complete: ['withoutAccess'] };

/** What is wrong with an input, whoever typed it and whatever it is; null when nothing is. */
export function problemOf(kind: PersonKind, input: unknown): string | null {
  if (input === undefined || input === null) return null;
  if (typeof input !== 'object' || Array.isArray(input)) return 'the input must be an object, or left out';
  const takes = TAKES[kind] ?? [];
  const unknown = Object.keys(input).find((name) => !takes.includes(name));
  if (unknown !== undefined) return takes.length === 0 ? `${kind} takes no input` : `${kind} takes ${takes.join(' and ')}, not ${unknown}`;
  const { code, message, withoutAccess } = input as Readonly<Record<string, unknown>>;
  if (code !== undefined && !(typeof code === 'string' && /^00010[0-7]$/.test(code))) return 'code must be one of 000100 to 000107';
  // What `resultMsg` can carry to the Seller Console (saas.md §3.1).
  if (message !== undefined && !(typeof message === 'string' && /^[\x20-\x7e]{1,200}$/.test(message))) return 'message must be 1 to 200 characters of printable ASCII';
  return withoutAccess === undefined || typeof withoutAccess === 'boolean' ? null : 'withoutAccess must be true or false';
}

/** The command that a person gives. The input has been judged by `problemOf`. */
export function instructionOf(kind: PersonKind, { code = '000104', message = 'given up by the seller' }: PersonInput = {}): Instruction {
  if (kind === 'abandon') return { kind, code, message };
  // A person's release needs no unsubscription order.
  return kind === 'release' ? { kind, unsubscribed: false } : { kind };
}
