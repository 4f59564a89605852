/** What the main thread tells the watchdog's, in memory that both of them see. */
export interface Blackboard {
  /** One number for each `SLOT`. */
  readonly numbers: Int32Array<SharedArrayBuffer>;
  /** Names of actors, each after its length in two bytes, lowest first. */
  readonly names: Uint8Array<SharedArrayBuffer>;
}

export const SLOT = {
  /** How often the main thread has come round. */
  beats: 0,
  /** The longest it came late since the watchdog last looked, in milliseconds. */
  late: 1,
  /** Where in `names` the actor stands that is at work, plus one; 0 for none. */
  running: 2,
  /** 1 while a person debugs the main thread and may stop it for as long as they like. */
  excused: 3,
} as const;

const NAMES_BYTES = 64 * 1024;
const LONGEST_NAME_BYTES = 1024;
const LENGTH_BYTES = 2;

export function createBlackboard(): Blackboard {
  return {
    numbers: new Int32Array(new SharedArrayBuffer(Object.keys(SLOT).length * Int32Array.BYTES_PER_ELEMENT)),
    names: new Uint8Array(new SharedArrayBuffer(NAMES_BYTES)),
  };
}

/**
 * Writes down which actor is at work. A name is written once; from then on telling it costs a look-up and a store, as
 * it is told with every visit to a mailbox. Where the names fill their room, all are written anew.
 */
export class RunningActor {
  readonly #board: Blackboard;
  readonly #places = new Map<string, number>();
  readonly #encoder = new TextEncoder();
  #end = 0;

  constructor(board: Blackboard) {
    this.#board = board;
  }

  readonly set = (path: string | undefined): void => {
    this.#board.numbers[SLOT.running] =
      path === undefined ? 0 : (this.#places.get(path) ?? this.#write(path));
  };

  #write(path: string): number {
    const name = this.#encoder.encode(path).subarray(0, LONGEST_NAME_BYTES);
    if (this.#end + LENGTH_BYTES + name.length > NAMES_BYTES) this.#startOver();
    const { names } = this.#board;
    names.set([name.length & 0xff, name.length >> 8], this.#end);
    names.set(name, this.#end + LENGTH_BYTES);
    const place = this.#end + 1;
    this.#places.set(path, place);
    this.#end += LENGTH_BYTES + name.length;
    return place;
  }

  #startOver(): void {
    this.#places.clear();
    this.#end = 0;
  }
}
