/**
 * Runs what it is given one after the other. The local activities of a workflow need it: of several under way each end is heard of by itself
 * and at its own time, but a replay hands all of them over at once, at the time of the last (`apply_local_activity_peeked_resolutions` of
 * sdk-core), so that it decides at other instants, and in the end in another order, than its history.
 */
export function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const ended = last.then(work);
    last = ended.catch(() => undefined);
    return ended;
  };
}
