import { SANDBOX_CALLS, SANDBOX_SLOTS } from '../actors/names.ts';
import type { Sandbox } from '../actors/sandbox/sandbox.ts';
import { sandboxCall } from '../actors/sandbox/sandbox-call.ts';
import { slot } from '../actors/sandbox/slot.ts';
import { slotKeeper } from '../actors/sandbox/slot-keeper.ts';
import { toolFolder } from '../actors/sandbox/tool-folder.ts';
import { supervisor } from '../src/runtime/index.ts';
import { calls } from './calls.ts';

/**
 * What runs tools from outside: the processes that guests run in, the calls that are under way, and whoever keeps the
 * tools as their folder is. Each comes back alone; a call whose process or actor is lost fails, and is not repeated.
 */
export const sandbox = ({ pool, tools, hungAfterMs }: Sandbox) =>
  supervisor({
    strategy: 'one_for_one',
    intensity: 5,
    period: 30,
    children: [
      { id: 'slots', name: SANDBOX_SLOTS, logic: slots() },
      { id: 'calls', name: SANDBOX_CALLS, logic: calls(sandboxCall, hungAfterMs) },
      { id: 'keeper', logic: slotKeeper, input: { pool } },
      ...(tools ? [{ id: 'tools', logic: toolFolder, input: tools }] : []),
    ],
  });

/** A guest may well bring its process down, and the next one is up in a moment: the budget is wide, and backs off. */
const slots = () =>
  supervisor({
    strategy: 'simple_one_for_one',
    intensity: 50,
    period: 10,
    children: [
      {
        id: 'slot',
        logic: slot,
        restart: 'transient',
        backoff: { initial: 20, max: 5_000, healthyAfter: 5_000 },
      },
    ],
  });
