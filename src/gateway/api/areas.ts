import type { FastifyInstance } from 'fastify';
import type { ApiContext } from './context.ts';

/** An area of the API: adds its routes. Each has a scope of its own, so that its hooks and parsers concern nobody else. */
export type Area = (app: FastifyInstance, context: ApiContext) => void;

/** Loaded one after the other, so that the event loop gets its turn between them. */
export const AREAS: readonly (() => Promise<Area>)[] = [
  async () => (await import('./absent.ts')).addAbsent,
  async () => (await import('./approvals.ts')).addApprovals,
  async () => (await import('./audit.ts')).addAudit,
  async () => (await import('./budget.ts')).addBudget,
  async () => (await import('./chat.ts')).addChat,
  async () => (await import('./extensions.ts')).addExtensions,
  async () => (await import('./grants.ts')).addGrants,
  async () => (await import('./inspect.ts')).addInspect,
  async () => (await import('./jobs/jobs.ts')).addJobs,
  async () => (await import('./llm.ts')).addLlm,
  async () => (await import('./logs.ts')).addLogs,
  async () => (await import('./memory.ts')).addMemory,
  async () => (await import('./memory-writes.ts')).addMemoryWrites,
  async () => (await import('./models.ts')).addModels,
  async () => (await import('./openai/openai.ts')).addOpenAi,
  async () => (await import('./permissions.ts')).addPermissions,
  async () => (await import('./profile.ts')).addProfile,
  async () => (await import('./routines/routines.ts')).addRoutines,
  async () => (await import('./routines/webhooks.ts')).addRoutineWebhooks,
  async () => (await import('./search.ts')).addSearch,
  async () => (await import('./secrets.ts')).addSecrets,
  async () => (await import('./session.ts')).addSession,
  async () => (await import('./settings.ts')).addSettings,
  async () => (await import('./status.ts')).addStatus,
  async () => (await import('./tokens.ts')).addTokens,
  async () => (await import('./upkeep.ts')).addUpkeep,
  async () => (await import('./usage.ts')).addUsage,
  async () => (await import('./webhook/webhook.ts')).addWebhook,
  async () => (await import('./work-events.ts')).addWorkEvents,
];
