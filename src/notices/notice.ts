/** One thing a person is to know. Holds no phone, mail, password or other personal data: it leaves the house. Instants are UTC ms. */
export interface Notice {
  /** The same for every attempt to tell it, so that a receiver can drop the second one. */
  readonly id: string;
  readonly instanceId: string;
  readonly orderLineId: string;
  /** `expiry-warning`, or the reason for which a person is needed. */
  readonly kind: string;
  /** What it is about: the expiry announced, or since when a person is needed. */
  readonly instant: number;
  readonly detail: string;
  /** When it was decided to tell it. */
  readonly at: number;
}

/** The paid time is about to end. Every other kind is a reason for which a person is needed. */
export const EXPIRY_WARNING = 'expiry-warning';

/** One way to tell a person. */
export interface Channel {
  readonly name: string;
  /** One attempt; resolves once the other side has it. The signal's own reason is thrown when it ends the attempt. */
  tell(notice: Notice, options: { readonly signal: AbortSignal }): Promise<void>;
}

/** Gives it the id that follows from what it is about, and nothing but what a notice holds. */
export function noticeOf({ instanceId, orderLineId, kind, instant, detail, at }: Omit<Notice, 'id'>): Notice {
  return { id: `${instanceId}/${kind}/${instant}`, instanceId, orderLineId, kind, instant, detail, at };
}

/** The next step for whoever reads it. */
export function whatToDo({ kind, instanceId }: Pick<Notice, 'kind' | 'instanceId'>): string {
  return kind === EXPIRY_WARNING
    ? 'nothing if the buyer means to leave; else remind the buyer to renew at the marketplace'
    : `run \`kookeeper instance show ${instanceId}\` and look up ${kind} in the guide "When an order is stuck"`;
}
