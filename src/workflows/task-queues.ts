/** Task queue of the workflows and of the effects that must never wait behind a hung provisioner: suspend, remove, order query, state, mailbox. */
export const lifeTaskQueue = 'kookeeper-life';

/** Task queue of the slow effects: provision, resume, change. */
export const provisionTaskQueue = 'kookeeper-provision';

/** The provisioning queue beside a queue of workflows: the two share their prefix. (A replay runs on a queue with a name of its own.) */
export const provisionQueueOf = (lifeQueue: string): string => `${lifeQueue.replace(/-life$/, '')}-provision`;
