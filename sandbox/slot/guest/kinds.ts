/** What a frame between host and slot says. Below 16: to the slot; the others come from it. */
export const KIND = {
  /** A component: header `ComponentHeader`, then the glue and the core modules as bytes. */
  load: 1,
  unload: 2,
  /** A call: header `Order`. */
  run: 3,
  /** What the host answered: header `Answer`. */
  answer: 4,
  /** A call nobody waits for any more. */
  drop: 5,
  ready: 16,
  /** A guest asks its host: header `Question`; its call is suspended until the answer. */
  host: 17,
  /** A call has ended: header `Done`. */
  done: 18,
  /** The answer to `drop`, which shows that the slot still listens. */
  dropped: 19,
} as const;
