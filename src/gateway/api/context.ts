import type { Assistant } from '../../core/assistant.ts';
import type { Clock } from '../../core/clock.ts';
import type { EmbeddingsDesk } from '../../core/embeddings.ts';
import type { ExtensionsDesk } from '../../core/extensions.ts';
import type { Ids } from '../../core/ids.ts';
import type { Inspector } from '../../core/inspect.ts';
import type { LogDesk } from '../../core/logs.ts';
import type { SettingsDesk } from '../../core/settings.ts';
import type { FileScope } from '../../tools/index.ts';
import type { Admission } from '../admission.ts';
import type { ApiTokens } from '../api-tokens.ts';
import type { EventStreams } from '../event-streams.ts';
import type { GatewayLimits } from '../limits.ts';
import type { GatewayLog } from '../log.ts';
import type { RateLimit } from '../rate-limit.ts';
import type { ClientLoad } from '../upgrades.ts';

/** What the areas of the API work with. */
export interface ApiContext {
  readonly assistant: Assistant;
  readonly admission: Admission;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly limits: GatewayLimits;
  readonly log: GatewayLog;
  readonly version: string;
  readonly loginLink: () => string;
  readonly load: () => ClientLoad;
  readonly streams: EventStreams;
  /** The gateway is about to end: whoever loses their connection now has not gone away. */
  readonly isStopping: () => boolean;
  readonly rates: RateLimit;
  /** Where attachments are stored; absent where none are taken. */
  readonly files?: FileScope;
  /** Tokens of programs. */
  readonly apiTokens: ApiTokens;
  /** Ends all that was opened with one of them. */
  readonly closeApiToken: (tokenId: string) => void;
  /** Whether clients may crash actors. */
  readonly allowFaults: boolean;
  /** Absent where the assistant was started without. */
  readonly settings?: SettingsDesk;
  readonly extensions?: ExtensionsDesk;
  readonly logs?: LogDesk;
  readonly inspector?: Inspector;
  readonly embeddings?: EmbeddingsDesk;
  /** A secret that callers of a webhook prove to know, by its name; undefined where there is none. */
  readonly webhookSecret?: (name: string) => Promise<string | undefined>;
  /** Tests: every answer must be as its schema says. */
  readonly checkAnswers: boolean;
}
