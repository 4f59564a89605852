import type { Logger } from 'pino';
import type { AuditLog } from '../audit/index.ts';
import type { Clock } from '../core/clock.ts';
import { createHooks, createWebhooks, type Hooks } from '../hooks/index.ts';
import type { RedactText } from '../safety/index.ts';
import type { Vault } from '../secrets/index.ts';
import type { WebServices } from '../tools/index.ts';

/** The owner's hooks, with what webhooks need. */
export function openHooks(parts: {
  readonly file: string;
  readonly clock: Clock;
  readonly web: WebServices;
  readonly redact: RedactText;
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly log: Logger;
}): Hooks {
  const { file, clock, web, redact, vault, audit, log } = parts;
  const callWebhook = createWebhooks({
    ...web,
    redact,
    readSecret: async (name) => (await vault.get(name))?.expose(),
    onTrouble: (hook, trouble) => log.warn({ hook, trouble }, 'a webhook was not told'),
  });
  return createHooks({ file, clock, callWebhook, writeAudit: (record) => audit.write([record]) });
}
