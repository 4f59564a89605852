import { type Describe, findOwner, type HeldFolder, holdFolder, type TakenFolder } from './folder-lock.ts';

/**
 * Makes this process the one assistant of a home folder, until `release` or its end, also by `kill -9`. Where
 * another one is, `owner` is what that one gave as its description, for example `{ url, pid, version }`.
 */
export function acquireHomeLock(home: string, describe: Describe): Promise<HeldFolder | TakenFolder> {
  return holdFolder(home, describe);
}

/** The description given by the assistant that runs on this home, to this challenge; undefined where none does. */
export function findHomeOwner(home: string, challenge = ''): Promise<object | undefined> {
  return findOwner(home, challenge);
}
