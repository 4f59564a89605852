/** Slots of a queue that has just been used for the first time. */
const INITIAL_SLOTS = 8;

/** First in, first out, at constant cost however long it is: a ring that doubles when it is full. */
export class Fifo<T> {
  /** Always a power of two, so that a position is masked rather than divided. */
  #slots: (T | undefined)[] = emptySlots(INITIAL_SLOTS);
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: T): void {
    if (this.#length === this.#slots.length) this.#grow();
    this.#slots[this.#at(this.#length++)] = item;
  }

  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = this.#at(1);
    this.#length--;
    return item;
  }

  /** Takes out the first item that matches, wherever it stands. */
  remove(matches: (item: T) => boolean): T | undefined {
    const first = this.#slots[this.#head];
    if (first !== undefined && matches(first)) return this.shift();
    const items = [...this];
    const index = items.findIndex(matches);
    if (index < 0) return undefined;
    const [removed] = items.splice(index, 1);
    this.#fill(items, this.#slots.length);
    return removed;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let index = 0; index < this.#length; index++) {
      const item = this.#slots[this.#at(index)];
      if (item !== undefined) yield item;
    }
  }

  #at(index: number): number {
    return (this.#head + index) & (this.#slots.length - 1);
  }

  #grow(): void {
    this.#fill([...this], this.#slots.length * 2);
  }

  #fill(items: readonly T[], size: number): void {
    this.#slots = emptySlots(size);
    for (const [index, item] of items.entries()) this.#slots[index] = item;
    this.#head = 0;
    this.#length = items.length;
  }
}

function emptySlots<T>(size: number): (T | undefined)[] {
  return new Array<T | undefined>(size).fill(undefined);
}
