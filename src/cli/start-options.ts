import type { Logger } from 'pino';
import type { Config, ConfigRequest } from '../config/index.ts';
import type { Clock } from '../core/clock.ts';
import type { Ids } from '../core/ids.ts';
import type { LogDesk } from '../core/logs.ts';
import type { Model } from '../llm/index.ts';
import type { Home } from '../storage/index.ts';
import type { CommandPlace, Tool } from '../tools/index.ts';
import type { Network } from './sandbox.ts';

/** What an assistant is started with. */
export interface StartOptions {
  readonly config: Config;
  readonly home: Home;
  readonly version: string;
  readonly log: Logger;
  /** Without it nobody looks at the log through the gateway. */
  readonly logs?: LogDesk;
  /** What the configuration was made of; without it, of home folder and environment. */
  readonly configRequest?: ConfigRequest;
  /** The process's environment, for the choice of the model. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Instead of the configured one. */
  readonly model?: Model;
  readonly extraTools?: readonly Tool[];
  /** Where the shell tool runs its commands, instead of what is configured. */
  readonly commands?: CommandPlace;
  /** Instead of the real one. */
  readonly network?: Network;
  /** False: no gateway; only the returned assistant reaches the tree. */
  readonly gateway?: boolean;
  readonly clock?: Clock;
  readonly ids?: Ids;
}
