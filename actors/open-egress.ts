import type { AuditLog } from '../src/audit/index.ts';
import type { Clock } from '../src/core/clock.ts';
import type { Egress } from '../src/egress/index.ts';
import type { Credential } from '../src/extensions/index.ts';
import type { Resolver, Transport } from '../src/network/index.ts';
import type { LeakDetector } from '../src/safety/index.ts';
import { type Secrets, useStatements } from '../src/secrets/index.ts';
import type { Database } from '../src/storage/index.ts';

export interface EgressParts {
  readonly audit: AuditLog;
  readonly database: Database;
  readonly clock: Clock;
  readonly leaks: LeakDetector;
  readonly knownReady: () => Promise<void>;
  readonly secrets: Secrets;
  readonly resolver: Resolver;
  readonly transport: Transport;
  readonly settings: EgressSettings;
  readonly onDefect: (thrown: unknown) => void;
}

/** Read anew at each request, as far as that can change while containers run. */
export interface EgressSettings {
  readonly domains: readonly string[];
  readonly uploadBytes: number;
  /** What the owner lets every container make use of, and none see. */
  readonly credentials: readonly Credential[];
}

/** The way out of containers. Nothing is loaded before the first of them wants one. */
export function createLazyEgress(parts: EgressParts): Egress {
  let egress: Promise<Egress> | undefined;
  return {
    async open(order) {
      egress ??= load(parts);
      const credentials = [...parts.settings.credentials, ...(order.credentials ?? [])];
      return (await egress).open({ ...order, credentials });
    },
  };
}

async function load(parts: EgressParts): Promise<Egress> {
  const [{ createEgress, domainRules }, { sealRequest }, { createRateLimiter }] = await Promise.all([
    import('../src/egress/index.ts'),
    import('../sandbox/credentials/index.ts'),
    import('../src/network/index.ts'),
  ]);
  const { audit, clock, database, secrets, settings } = parts;
  return createEgress({
    ...parts,
    audit: {
      // What a secret was used for is counted with the line that says so.
      async write(records) {
        const uses = useStatements(records, clock.now());
        const [first, ...rest] = [...uses, ...audit.statements(records)];
        if (first) await database.commit([first, ...rest]);
      },
    },
    rates: createRateLimiter(clock),
    get limits() {
      return { uploadBytes: settings.uploadBytes };
    },
    allow() {
      const rules = domainRules(settings.domains);
      if (!rules.ok) throw new Error(`The domains that containers may reach cannot be read. ${rules.error}`);
      return rules.value;
    },
    seal: (request, credentials) => sealRequest(request, credentials, secrets),
  });
}
