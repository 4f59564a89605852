import { coerceError } from '../../core/errors.ts';
import { ContainerError } from '../container-error.ts';
import { daemonTrouble, placeOf } from './daemon-trouble.ts';

/** What the daemon's client throws, told apart. A `ContainerError` stays what it is. */
export function containerErrorOf(thrown: unknown, socket: string, image?: string): ContainerError {
  if (thrown instanceof ContainerError) return thrown;
  const error = coerceError(thrown);
  const status = statusOf(thrown);
  const options = { cause: error };
  if (status === 404 && image !== undefined && /no such image/i.test(error.message))
    return new ContainerError('image-missing', imageMissing(image), options);
  if (status === 404) return new ContainerError('gone', 'The container is not there any more.', options);
  if (status === 409 && /already in use/.test(error.message))
    return new ContainerError('exists', 'There is a container for this already.', options);
  if (status === 409) return new ContainerError('gone', 'The container is not running any more.', options);
  if (status !== undefined)
    return new ContainerError('refused', `Docker refused: ${reasonOf(error.message)}`, options);
  return unreachable(error, socket);
}

const imageMissing = (image: string): string =>
  image.startsWith('ironbark-sandbox:')
    ? 'The image for containers has not been built yet. Run: ironbark sandbox build'
    : `There is no image ${image} here. Run: docker pull ${image}   (or leave sandbox.image out, and run: ironbark sandbox build)`;

/** Before the daemon was reached, or while it was being talked to. */
function unreachable(error: Error, socket: string): ContainerError {
  const code = codeOf(error);
  const options = { cause: error };
  if (error.name === 'AbortError') return new ContainerError('aborted', 'It was interrupted.', options);
  if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'EACCES' || code === 'EPERM') {
    const { message, fix } = daemonTrouble(code, placeOf(socket));
    return new ContainerError('unavailable', `${message} Run: ${fix}`, options);
  }
  return new ContainerError('lost', `Docker stopped answering (${error.message}).`, options);
}

export function statusOf(thrown: unknown): number | undefined {
  const status = thrown instanceof Error && 'statusCode' in thrown ? thrown.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

export function codeOf(thrown: unknown): string | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Without what the client puts before the daemon's words. */
const reasonOf = (message: string): string => message.replace(/^\(HTTP code \d+\) [^-]*- /, '').trim();
