import { microUsdOf } from '../../../budget/index.ts';
import type {
  RoutineActionShape,
  RoutineBody,
  RoutinePatchBody,
  RoutineTriggerShape,
} from '../../../core/api/routines.ts';
import { FULL_JOB_LIMITS, LIGHTWEIGHT, promptOf } from '../../../core/routine-actions.ts';
import type {
  RoutineAction,
  RoutineDraft,
  RoutineGuardrails,
  RoutineNotify,
  RoutinePatch,
  RoutineStatus,
  RoutineTrigger,
} from '../../../core/routines.ts';

/** Whoever uses the API speaks as the user. */
export function draftOf(body: RoutineBody): RoutineDraft {
  const { name, description, trigger, action, guardrails, notify, thread_id } = body;
  return {
    name: name.trim(),
    description,
    trigger: triggerOf(trigger),
    action: actionOf(action, name),
    ...(guardrails && { guardrails: guardrailsOf(guardrails) }),
    ...(notify && { notify: notifyOf(notify) }),
    conversationId: thread_id,
    by: 'user',
    origins: [],
  };
}

export function patchOf(body: RoutinePatchBody, before: RoutineStatus): RoutinePatch {
  const { description, enabled, trigger, guardrails, notify } = body;
  const action = body.action && actionOf(body.action, before.name, before.action);
  // Who sends back the words of others has not written them.
  const isRewritten = action !== undefined && promptOf(action) !== promptOf(before.action);
  return {
    ...(description !== undefined && { description }),
    ...(enabled !== undefined && { enabled }),
    ...(trigger && { trigger: triggerOf(trigger) }),
    ...(action && { action }),
    ...(isRewritten && { by: 'user', origins: [] }),
    ...(guardrails && { guardrails: guardrailsOf(guardrails) }),
    ...(notify && { notify: notifyOf(notify) }),
  };
}

function triggerOf(shape: RoutineTriggerShape): RoutineTrigger {
  if (shape.kind !== 'system_event') return shape;
  const { kind, source, event_type: eventType, filters } = shape;
  return { kind, source, eventType, filters };
}

function actionOf(shape: RoutineActionShape, name: string, before?: RoutineAction): RoutineAction {
  if (shape.kind === 'full_job') {
    const kept = before?.kind === 'full_job' ? before : undefined;
    const limits = kept?.limits ?? FULL_JOB_LIMITS;
    return {
      kind: 'full_job',
      title: shape.title ?? kept?.title ?? name,
      description: shape.prompt,
      limits: { ...limits, iterations: shape.max_iterations ?? limits.iterations },
      tools: shape.tools === undefined ? (kept?.tools ?? null) : shape.tools,
    };
  }
  const kept = before?.kind === 'lightweight' ? before : LIGHTWEIGHT;
  return {
    kind: 'lightweight',
    prompt: shape.prompt,
    contextPaths: shape.context_paths ?? kept.contextPaths,
    maxTokens: shape.max_tokens ?? kept.maxTokens,
    useTools: shape.use_tools ?? kept.useTools,
    maxToolRounds: shape.max_tool_rounds ?? kept.maxToolRounds,
  };
}

function guardrailsOf(shape: NonNullable<RoutineBody['guardrails']>): Partial<RoutineGuardrails> {
  return {
    ...(shape.cooldown_secs !== undefined && { cooldownSeconds: shape.cooldown_secs }),
    ...(shape.run_mode !== undefined && { runMode: shape.run_mode }),
    ...(shape.max_concurrent !== undefined && { maxConcurrent: shape.max_concurrent }),
    ...(shape.dedup_secs !== undefined && { dedupSeconds: shape.dedup_secs }),
    ...(shape.catch_up !== undefined && { catchUp: shape.catch_up }),
    ...(shape.jitter_secs !== undefined && { jitterSeconds: shape.jitter_secs }),
    ...(shape.disable_after !== undefined && { disableAfter: shape.disable_after }),
    ...(shape.timeout_minutes !== undefined && { timeoutMinutes: shape.timeout_minutes }),
    ...(shape.day_usd !== undefined && { dayMicroUsd: microUsdOf(shape.day_usd) }),
  };
}

function notifyOf(shape: NonNullable<RoutineBody['notify']>): Partial<RoutineNotify> {
  return {
    ...(shape.on_success !== undefined && { onSuccess: shape.on_success }),
    ...(shape.on_attention !== undefined && { onAttention: shape.on_attention }),
    ...(shape.on_failure !== undefined && { onFailure: shape.on_failure }),
  };
}
