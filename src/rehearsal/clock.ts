/** The system's clock, shifted. UTC ms. */
export interface FollowingClock {
  now(): number;
  /** From here on it is `instant`, and time goes on by itself between two calls. */
  follow(instant: number): void;
}

/** A clock that follows the one of a workflow whose time is skipped: for the API, the worker and the market around it. */
export function followingClock(): FollowingClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    follow(instant) {
      ahead = instant - Date.now();
    },
  };
}
