import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { err, ok, type Result } from '../core/result.ts';
import { type AddressRefusal, checkAddress } from './address.ts';
import { errorCode } from './error-code.ts';

/** Every address of a host. Rejects where the name has none or nobody answers. */
export type Resolver = (host: string, signal: AbortSignal) => Promise<readonly string[]>;

export type DnsRule = 'name-not-found' | 'resolution-failed' | 'cancelled';

export interface DnsRefusal {
  readonly rule: DnsRule;
  readonly message: string;
}

/** More are of no use: they are tried one after the other. All are checked nevertheless. */
const MAX_PINNED = 8;

/**
 * What the operating system answers, hosts file included, in its order. It cannot be interrupted, so a cancelled
 * caller leaves it running for the few seconds it takes; Node lets such waits fill only half of its threads.
 */
export const systemResolver: Resolver = async (host) =>
  (await lookup(host, { all: true, order: 'verbatim' })).map(({ address }) => address);

/**
 * The addresses to connect to, in the resolver's order, canonical, eight at most. One that is not public refuses the
 * host: an answer that mixes both was made to slip past a check. The caller connects to these and never resolves
 * again, so that a later answer cannot lead elsewhere. A host that is an address is checked the same way.
 */
export async function resolvePublic(
  host: string,
  resolver: Resolver,
  signal: AbortSignal,
): Promise<Result<readonly string[], AddressRefusal | DnsRefusal>> {
  const answer = isIP(host) === 0 ? await ask(host, resolver, signal) : ok([host]);
  if (!answer.ok) return answer;
  const pinned = new Set<string>();
  for (const address of answer.value) {
    const checked = checkAddress(address);
    if (!checked.ok) return err({ ...checked.error, message: `${host}: ${checked.error.message}` });
    pinned.add(checked.value);
  }
  if (pinned.size === 0) return err({ rule: 'name-not-found', message: `${host} has no address.` });
  return ok([...pinned].slice(0, MAX_PINNED));
}

async function ask(
  host: string,
  resolver: Resolver,
  signal: AbortSignal,
): Promise<Result<readonly string[], DnsRefusal>> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  if (signal.aborted) return err(cancelled(host));
  signal.addEventListener('abort', abort, { once: true });
  try {
    return ok(await Promise.race([resolver(host, signal), aborted.promise]));
  } catch (error) {
    return err(signal.aborted ? cancelled(host) : dnsRefusal(host, error));
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

const cancelled = (host: string): DnsRefusal => ({
  rule: 'cancelled',
  message: `Resolving ${host} was given up.`,
});

const NO_SUCH_NAME: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EAI_NONAME', 'EAI_NODATA']);

function dnsRefusal(host: string, error: unknown): DnsRefusal {
  const code = errorCode(error);
  return NO_SUCH_NAME.has(code)
    ? { rule: 'name-not-found', message: `There is no host named ${host}.` }
    : { rule: 'resolution-failed', message: `${host} could not be resolved (${code}).` };
}
