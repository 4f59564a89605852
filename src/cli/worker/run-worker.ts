import { pino } from 'pino';
import type { AgentOrder } from '../../core/journal.ts';
import type { JobBrief } from '../../core/orchestrator.ts';
import { createOrchestratorClient } from '../../orchestrator/index.ts';
import { onThisMachine } from '../../tools/index.ts';
import { orderText } from '../../work/index.ts';
import { startIronbark } from '../start.ts';
import { followWork, type Say } from './follow-work.ts';
import { proxiedModel } from './proxied-model.ts';
import { openWorkerHome, WORKER_TOOLS } from './worker-home.ts';

export interface WorkerOptions {
  readonly jobId: string;
  readonly token: string;
  readonly socketPath: string;
  /** A folder that outlives the container. */
  readonly state: string;
  readonly workspace: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

const AS_ORDER = { steers: false, origin: undefined };

/** The conversation in which it works; there is no other. */
const CONVERSATION = 'job';
const CHANNEL = 'agent';

/**
 * Works on a job inside its container, with the same loop as outside: a whole assistant without a gateway, whose model
 * is asked outside. Where the container is stopped on the way, the next one goes on from the journal in `state`.
 *
 * @returns the exit code: 0 where the end was told, 1 where it was stopped before
 */
export async function runWorker(options: WorkerOptions, over: AbortSignal): Promise<number> {
  const { jobId, token, socketPath, state, workspace, env, version } = options;
  const client = createOrchestratorClient({ socketPath, jobId, token, signal: over });
  const [brief, credentials] = await Promise.all([client.brief(), client.credentials()]);
  const { home, config } = openWorkerHome(state, workspace, brief);
  const running = await startIronbark({
    config,
    home,
    version,
    env: {},
    log: pino({ level: env.IRONBARK_LOG_LEVEL ?? 'warn' }, pino.destination(2)),
    model: proxiedModel(client, brief),
    commands: onThisMachine(env, { ...wayOut(env), ...variablesOf(credentials) }),
    gateway: false,
  });
  try {
    const { assistant } = running;
    const agent = { unattended: true, agent: orderOf(brief) } as const;
    const say: Say = (text, externalId, { steers, origin } = AS_ORDER) =>
      assistant.accept({
        channel: CHANNEL,
        externalId,
        conversationId: CONVERSATION,
        input: {
          type: 'message',
          text,
          mode: 'steer',
          // What is said to a turn that runs is no order of its own.
          ...(!steers && agent),
          ...(origin !== undefined && { origin }),
        },
      });
    const order = await say(orderText({ description: brief.description, projectDir: workspace }), 'order');
    const isDone = await followWork(
      {
        assistant,
        client,
        conversationId: CONVERSATION,
        say,
        inboxId: order.inboxId,
        lastEvent: brief.lastEvent,
      },
      over,
    );
    return isDone ? 0 : 1;
  } finally {
    await running.stop();
  }
}

type Variables = Readonly<Record<string, string>>;

/** Commands find the network where the container has it. */
const wayOut = (env: WorkerOptions['env']): Variables =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && /^(?:https?|no|all)_proxy$|^NODE_USE_ENV_PROXY$/i.test(name)
        ? [[name, value]]
        : [],
    ),
  );

const variablesOf = (
  credentials: readonly { readonly variable: string; readonly value: string }[],
): Variables => Object.fromEntries(credentials.map(({ variable, value }) => [variable, value]));

function orderOf({ id, tools, limits, origins, byUser }: JobBrief): AgentOrder {
  return {
    parentConversationId: CONVERSATION,
    parentTurnId: id,
    depth: 1,
    tools: tools ? WORKER_TOOLS.filter((name) => tools.includes(name)) : WORKER_TOOLS,
    budgetMicroUsd: null,
    maxIterations: Math.max(limits.iterations, 1),
    origins,
    purpose: { kind: 'job', id, within: null },
    ...(limits.tokens !== null && { maxTokens: limits.tokens }),
    ...(limits.minutes !== null && { maxMinutes: limits.minutes }),
    ...(byUser && { byUser: true }),
  };
}
