import type { Environment } from '../actors/environment.ts';
import type { Sandbox } from '../actors/sandbox/sandbox.ts';
import { type ChildSpec, supervisor } from '../src/runtime/index.ts';
import type { DatabaseGate } from '../src/storage/index.ts';
import { capabilities } from './capabilities.ts';
import { channels } from './channels.ts';
import { conversations } from './conversations.ts';
import { faces } from './faces.ts';
import { foundation } from './foundation.ts';
import { time } from './time.ts';
import { work } from './work.ts';

/** The tree. What stands later leans on what stands earlier; the top gives up quickly and leaves it to the process. */
export const root = (
  env: Environment,
  gate: DatabaseGate,
  { sandbox, faces: face = [] }: { readonly sandbox?: Sandbox; readonly faces?: readonly ChildSpec[] } = {},
) =>
  supervisor({
    strategy: 'rest_for_one',
    intensity: 2,
    period: 60,
    children: [
      { id: 'foundation', logic: foundation(gate) },
      {
        id: 'capabilities',
        logic: capabilities({
          models: env.models.input,
          sandbox,
          shell: env.shell,
          memory: { env },
          vectors: env.vectors,
        }),
      },
      { id: 'conversations', logic: conversations(env) },
      { id: 'channels', logic: channels(env) },
      { id: 'faces', logic: faces(face) },
      { id: 'work', logic: work(env), restart: 'transient' },
      { id: 'time', logic: time(env), restart: 'transient' },
    ],
  });
