import type { Origin } from '../core/journal.ts';

/** Where hooks are consulted, in the order in which a turn comes by. */
export const HOOK_POINTS = [
  'session-start',
  'inbound',
  'before-model',
  'transform',
  'before-tool',
  'after-tool',
  'outbound',
  'session-end',
] as const;

/**
 * - `session-start`, `session-end`: a conversation wakes, goes to rest; `text` is empty, and nothing can be changed;
 * - `inbound`: a message came in and is not accepted yet; `text` is what it says;
 * - `before-model`: the model is about to be called; `text` is what it is told before the conversation;
 * - `transform`: the model has written `text`, which does not count yet;
 * - `before-tool`: a call of `tool` is about to be judged; `text` is its arguments as JSON;
 * - `after-tool`: `tool` has answered `text`, which the model has not read yet;
 * - `outbound`: `text` is the answer that is about to be given.
 */
export type HookPoint = (typeof HOOK_POINTS)[number];

export interface HookEvent {
  readonly point: HookPoint;
  readonly conversationId: string;
  readonly text: string;
  readonly tool?: string;
  readonly channel?: string;
}

export type HookVerdict =
  | {
      readonly verdict: 'continue';
      /** As the hooks left it. */
      readonly text: string;
      /** Of those that changed it and are not the owner's own words: `the hook NAME`. */
      readonly origins: readonly Origin[];
    }
  /** `reason`: for people and the model; names the hook. */
  | { readonly verdict: 'reject'; readonly reason: string };

/** What cannot be changed or kept from happening: hooks are told, and that is all. */
export const isToldOnly = (point: HookPoint): boolean => point === 'session-start' || point === 'session-end';
