export { createWebhooks } from './call-webhook.ts';
export { HOOK_POINTS, type HookEvent, type HookPoint, type HookVerdict } from './event.ts';
export type { Hook } from './hook.ts';
export { createHooks, type Hooks } from './hooks.ts';
export { NO_HOOKS } from './no-hooks.ts';
export { compilePattern, type Pattern } from './pattern.ts';
