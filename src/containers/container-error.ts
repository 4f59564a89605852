/**
 * - `unavailable`: there is no daemon, it does not run, or we may not use it;
 * - `lost`: the daemon was there and stopped answering;
 * - `image-missing`; `exists`: one with this purpose is running already; `gone`: the container is not there, or has
 *   ended; `refused`: the daemon would not, or the order cannot be carried out; `aborted`: by the signal.
 */
export type ContainerErrorKind =
  | 'unavailable'
  | 'lost'
  | 'image-missing'
  | 'exists'
  | 'gone'
  | 'refused'
  | 'aborted';

/** Why a container could not be had, or used. The message is for people, and says what helps where something does. */
export class ContainerError extends Error {
  readonly kind: ContainerErrorKind;

  constructor(kind: ContainerErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ContainerError';
    this.kind = kind;
  }
}
