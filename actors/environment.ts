import type { Logger } from 'pino';
import type { TurnLimits } from '../machines/turn.ts';
import type { AuditLog } from '../src/audit/index.ts';
import type { Budgets } from '../src/budget/index.ts';
import type { DeliveryMode } from '../src/core/assistant.ts';
import type { Clock } from '../src/core/clock.ts';
import type { Ids } from '../src/core/ids.ts';
import type { RoutinesDesk } from '../src/core/routines.ts';
import type { SecretsDesk } from '../src/core/secrets.ts';
import type { WorkDesk } from '../src/core/work.ts';
import type { Hooks } from '../src/hooks/index.ts';
import type { Memory, Vectors } from '../src/memory/index.ts';
import type { Policy } from '../src/policy/index.ts';
import type { LeakDetector } from '../src/safety/index.ts';
import type { Vault } from '../src/secrets/index.ts';
import type { Database } from '../src/storage/index.ts';
import type { ToolRegistry } from '../src/tools/index.ts';
import type { Hints } from './hints.ts';
import type { LiveFeed } from './live-feed.ts';
import type { Models } from './models/models.ts';

/** What the actors of one running assistant share. Built once, before the tree starts. */
export interface Environment {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  readonly database: Database;
  readonly models: Models;
  readonly budgets: Budgets;
  readonly memory: Memory;
  /** Absent: memory is searched by words alone. */
  readonly vectors?: Vectors;
  readonly tools: ToolRegistry;
  /** Resolves when the tools from outside that are there at the start are among `tools`. */
  readonly toolsReady: Promise<void>;
  readonly policy: Policy;
  readonly audit: AuditLog;
  /** Finds secrets in texts: by their shape, and the user's own by their value once `knownReady` has resolved. */
  readonly leaks: LeakDetector;
  readonly knownReady: () => Promise<void>;
  readonly vault: Vault;
  /** What a person does with secrets. */
  readonly secrets: SecretsDesk;
  /** What is done with jobs. */
  readonly work: WorkDesk;
  /** What is done with routines. */
  readonly routines: RoutinesDesk;
  readonly feed: LiveFeed;
  readonly hints: Hints;
  /** What the owner set up to see, change or stop what passes through. */
  readonly hooks: Hooks;
  readonly settings: AgentSettings;
  /** This node's epoch: commits carry it, and a newer epoch's commits fence this one's off. */
  readonly epoch: number;
  readonly version: string;
}

export interface AgentSettings {
  /** What one turn may do before it ends with what it has. */
  readonly turn: TurnLimits;
  /** A conversation that nobody talked in for so long leaves memory; its next message brings it back. */
  readonly sessionIdleMs: number;
  /** An actor that takes none of its waiting messages for so long is restarted. */
  readonly hungAfterMs: number;
  /** What a message does during a turn, where neither it nor its conversation says. */
  readonly whileBusy: DeliveryMode;
  /** The user's IANA time zone. */
  readonly timezone: string;
  /** Memory is tidied by itself. */
  readonly consolidate?: boolean;
  /** Conversations that ended are distilled into memory; absent where they are not. */
  readonly episodes?: EpisodeSettings;
}

export interface EpisodeSettings {
  /** One has ended where nobody talked in it for so long, in milliseconds. */
  readonly afterMs: number;
  /** From one look to the next; a minute unless given. */
  readonly everyMs?: number;
}
