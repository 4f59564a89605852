import type { Logger } from 'pino';
import type { TurnLimits } from '../machines/turn.ts';
import type { AuditLog } from '../src/audit/index.ts';
import type { Budgets } from '../src/budget/index.ts';
import type { Containers, RefusalLog } from '../src/containers/index.ts';
import type { DeliveryMode } from '../src/core/assistant.ts';
import type { Clock } from '../src/core/clock.ts';
import type { Ids } from '../src/core/ids.ts';
import type { JsonObject } from '../src/core/json.ts';
import type { RoutinesDesk } from '../src/core/routines.ts';
import type { SecretsDesk } from '../src/core/secrets.ts';
import type { WorkDesk } from '../src/core/work.ts';
import type { Egress } from '../src/egress/index.ts';
import type { HeartbeatTimes } from '../src/heartbeat/index.ts';
import type { Hooks } from '../src/hooks/index.ts';
import type { HygieneSettings } from '../src/hygiene/index.ts';
import type { Memory, Vectors } from '../src/memory/index.ts';
import type { NotifyPolicy } from '../src/notifications/index.ts';
import type { Policy } from '../src/policy/index.ts';
import type { RepairSettings } from '../src/repair/index.ts';
import type { RoutineSettings } from '../src/routines/index.ts';
import type { LeakDetector } from '../src/safety/index.ts';
import type { Vault } from '../src/secrets/index.ts';
import type { Database } from '../src/storage/index.ts';
import type { FileScope, ToolRegistry } from '../src/tools/index.ts';
import type { WorkSettings } from '../src/work/index.ts';
import type { Hints } from './hints.ts';
import type { JobRunners } from './jobs/runner.ts';
import type { LiveFeed } from './live-feed.ts';
import type { Models } from './models/models.ts';
import type { ContainerJobs } from './orchestrator/container-jobs.ts';
import type { ShellContainers } from './shell/shell-containers.ts';

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
  /** What carries out each kind of work. */
  readonly runners: JobRunners;
  /** Work of the assistant's own that jobs can do, by name. It may be run again after a crash. */
  readonly background?: ReadonlyMap<string, (args: JsonObject, signal: AbortSignal) => Promise<string>>;
  /** Where the file tools may go; jobs have their folders there. */
  readonly files: FileScope;
  /** What is done with routines. */
  readonly routines: RoutinesDesk;
  /** Containers, as the owner's daemon has them; nothing is loaded before the first use. */
  readonly containers: Containers;
  /** What containers wanted and did not get. */
  readonly refusals: RefusalLog;
  /** The containers that the shell tool's commands run in; absent: they run on this machine. */
  readonly shell?: ShellContainers | undefined;
  /** The way out of containers. */
  readonly egress: Egress;
  /** Jobs that work in containers; absent: there are none. */
  readonly containerJobs?: ContainerJobs;
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
  /** On which containers of jobs are heard beside their sockets, on this machine alone; absent: on none. */
  readonly orchestratorPort?: number;
  /** How much work goes on at once; absent: as `DEFAULT_WORK`. */
  readonly work?: WorkSettings;
  /** Memory is tidied by itself. */
  readonly consolidate?: boolean;
  /** Conversations that ended are distilled into memory; absent where they are not. */
  readonly episodes?: EpisodeSettings;
  /** How much routines may do at once; absent: as `DEFAULT_ROUTINES`. */
  readonly routines?: RoutineSettings;
  /** When and how the user is told what they did not ask for; absent: at once. */
  readonly notify?: Omit<NotifyPolicy, 'timezone'>;
  /** When it looks by itself whether something needs attention; absent: never. */
  readonly heartbeat?: HeartbeatTimes;
  /** What is removed because it is old; absent: nothing is. */
  readonly hygiene?: HygieneSettings;
  /** When a tool counts as broken, and how often its repair is tried; absent: it never does. */
  readonly repair?: RepairSettings;
}

export interface EpisodeSettings {
  /** One has ended where nobody talked in it for so long, in milliseconds. */
  readonly afterMs: number;
  /** From one look to the next; a minute unless given. */
  readonly everyMs?: number;
}
