import { inspect } from 'node:util';

/**
 * A secret's value under its name. However it is printed, copied or serialised, only the name shows: as text
 * `‹name›`, as JSON the same, as a structured clone an object with the name alone.
 */
export class Secret {
  readonly name: string;
  readonly #value: string;

  constructor(name: string, value: string) {
    this.name = name;
    this.#value = value;
  }

  /** The value, for the one place that puts it into a request, and for what looks for it in texts. */
  expose(): string {
    return this.#value;
  }

  toString(): string {
    return `‹${this.name}›`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
