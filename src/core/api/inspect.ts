import { z } from 'zod';
import type {
  ActorView as ActorViewType,
  Chart as ChartType,
  SeenDeadLetter,
  TurnReplay as TurnReplayType,
  TurnSequence as TurnSequenceType,
  TurnSummary,
} from '../inspect.ts';
import type { TreeNode } from '../tree.ts';
import { count, flag, id, opaque } from './fields.ts';

/** Where in the tree: the ids from the root, joined by `/`. */
const path = z
  .string()
  .regex(/^root(\/[^\p{Cc}\p{Cs}/]+)*$/u, 'must be the path of an actor, such as root/time')
  .max(2_000);

export const ActorQuery = z.object({ path });
export const ActorView = opaque<ActorViewType>();

export const TreeReply = z.object({ root: opaque<TreeNode>() });

export const ChartParams = z.object({
  hash: z.string().regex(/^[0-9a-f]{16}$/, 'must be 16 hexadecimal digits'),
});
export const ChartReply = opaque<ChartType>();
export const ChartsReply = z.object({ charts: z.array(opaque<ChartType>()).readonly() });

/** `actor` may be given several times, fifty at most. */
export const InspectEventsQuery = z.object({
  tree: flag,
  transitions: flag,
  messages: flag,
  actor: z
    .union([path.transform((one) => [one]), z.array(path).max(50)])
    .pipe(z.array(z.string()))
    .default([]),
});

export const TurnsQuery = z.object({ conversation: id, limit: count(50, 500) });
export const TurnsReply = z.object({ turns: z.array(opaque<TurnSummary>()).readonly() });
export const TurnParams = z.object({ turnId: id });
export const TurnQuery = z.object({ conversation: id });
export const TurnReplay = opaque<TurnReplayType>();
export const TurnSequence = opaque<TurnSequenceType>();
/** A test file for vitest. */
export const TurnTestReply = z.object({ test: z.string() });

export const LettersReply = z.object({ letters: z.array(opaque<SeenDeadLetter>()).readonly() });
export const LetterParams = z.object({ id: z.string().regex(/^[mp]\d{1,15}$/, 'must be as in the list') });

/** `confirm` is the path again: nobody restarts an actor by a slip. */
export const RestartRequest = z
  .object({ path, confirm: z.string() })
  .refine(({ path: meant, confirm }) => meant === confirm, {
    message: 'must be the path again',
    path: ['confirm'],
  });
export const DoneReply = z.object({ done: z.literal(true) });
