import type { Logger } from 'pino';
import { EXPIRY_WARNING, whatToDo, type Channel } from './notice.ts';

/** One line of the log, at level warn. Written before `tell` returns. */
export function createLogChannel(log: Logger): Channel {
  return {
    name: 'log',
    async tell({ id, instanceId, orderLineId, kind, instant, detail }) {
      const line = { notice: id, instanceId, orderLineId, kind, instant: new Date(instant).toISOString(), detail, whatToDo: whatToDo({ kind, instanceId }) };
      log.warn(line, kind === EXPIRY_WARNING ? 'the paid time of an instance is about to end' : 'an instance needs a person');
    },
  };
}
