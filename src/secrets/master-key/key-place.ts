/** A place that Ironbark itself may put a master key into. Keys are text, see `parseKey`. */
export interface KeyPlace {
  readonly source: 'keychain' | 'home';
  /** For people, as in "the key is in …". */
  readonly where: string;
  read(slot: KeySlot): Promise<string | undefined>;
  /** On disk when it resolves. */
  write(slot: KeySlot, text: string): Promise<void>;
  /** Puts the next key in place of the current one, which is gone then. Doing it again changes nothing. */
  promote(): Promise<void>;
  /** Removes the current key. */
  remove(): Promise<void>;
}

/** A rotation keeps two keys for a while. */
export type KeySlot = 'current' | 'next';
