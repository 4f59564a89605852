import { createLazyEgress, type EgressParts, type EgressSettings } from '../../actors/open-egress.ts';
import type { Config } from '../config/index.ts';
import type { Egress } from '../egress/index.ts';
import type { Credential } from '../extensions/index.ts';
import { createHttpsTransport, systemResolver } from '../network/index.ts';
import { combinedSecrets, environmentSecrets, type Vault } from '../secrets/index.ts';
import type { LiveConfig } from './live-config.ts';
import type { StartOptions } from './start-options.ts';

const MEGABYTE = 1024 * 1024;

type Given = Pick<EgressParts, 'audit' | 'clock' | 'database' | 'leaks' | 'knownReady'> & {
  readonly vault: Vault;
  readonly log: StartOptions['log'];
};

/** The way out of containers, as the owner set it up. */
export function openEgress(
  { env, network }: StartOptions,
  live: LiveConfig,
  { vault, log, ...given }: Given,
): Egress {
  return createLazyEgress({
    ...given,
    secrets: combinedSecrets(vault, environmentSecrets(env)),
    transport: network?.transport ?? createHttpsTransport(),
    resolver: network?.resolver ?? systemResolver,
    settings: egressSettings(live),
    onDefect: (error) => log.error({ err: error }, 'a defect of the way out of containers'),
  });
}

const egressSettings = (live: LiveConfig): EgressSettings => ({
  get domains() {
    const { domains, extra_domains } = live.current.sandbox;
    return [...domains, ...extra_domains];
  },
  get uploadBytes() {
    return live.current.sandbox.upload_limit_mb * MEGABYTE;
  },
  get credentials() {
    return live.current.sandbox.credentials.map(credentialOf);
  },
});

function credentialOf({
  secret,
  hosts,
  paths,
  header,
  prefix,
}: Config['sandbox']['credentials'][number]): Credential {
  return {
    key: secret,
    secretName: secret,
    location:
      header === undefined
        ? { type: 'bearer' }
        : { type: 'header', name: header, ...(prefix !== undefined && { prefix }) },
    hostPatterns: hosts.map((host) => host.toLowerCase()),
    pathPatterns: paths,
    optional: true,
  };
}
