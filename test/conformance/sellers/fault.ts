import { HONEST, type Answer, type Body, type Parts } from './honest.ts';

export interface Faulty {
  readonly name: string;
  readonly faults: Partial<Parts>;
  /** Exactly the checks that must not pass. */
  readonly caughtBy: readonly string[];
  /** Of the known mistakes in signing, the one that is named. */
  readonly mistake?: string;
}

/** Honest but for the answer to one activity. */
export const answering = (activity: string, change: (body: Body, usual: Answer) => Answer | Promise<Answer>): Partial<Parts> => ({
  answer: async (body, seller) => {
    const usual = await HONEST.answer(body, seller);
    return body['activity'] === activity ? change(body, usual) : usual;
  },
});
/** Honest but for how an answer is written. */
export const writing = (status: (answer: Answer) => number, contentType: string | null = 'application/json', text: (answer: Answer) => string = (answer) => JSON.stringify(answer)): Partial<Parts> => ({
  write: (answer) => ({ status: status(answer), contentType, text: text(answer) }),
});
