import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ToolCall } from '../../src/core/journal.ts';
import type { sys } from '../../src/runtime/index.ts';
import type { Tool } from '../../src/tools/index.ts';
import { type Answer, openBench, until } from '../testing/bench.ts';
import { type FoldedTurn, foldTurn } from './fold-turn.ts';

const LIMITS = { iterations: 5, tokens: 0, workMs: 0 };

const tool = (name: string, part: Partial<Tool>): Tool => ({
  name,
  description: name,
  parameters: { type: 'object', properties: {} },
  effect: 'pure',
  approval: 'never',
  powers: [],
  timeoutMs: 60_000,
  execute: async () => ({ ok: true, content: 'seen' }),
  ...part,
});

const TOOLS: readonly Tool[] = [
  tool('look', {}),
  tool('fail', { execute: async () => ({ ok: false, content: 'no' }) }),
  tool('write', { effect: 'once', powers: ['changes'] }),
  tool('ask', { effect: 'once', approval: 'always', powers: ['changes'] }),
];
const effects = new Map(TOOLS.map(({ name, effect }) => [name, effect]));
const effectOf = (name: string) => effects.get(name) ?? 'once';

type Move = { readonly calls: readonly string[] } | { readonly says: string } | { readonly fails: true };

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      calls: fc.array(fc.constantFrom('look', 'fail', 'write', 'ask', 'missing'), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ says: fc.constantFrom('done', 'I will look at the file now:') }) },
  { weight: 1, arbitrary: fc.record({ fails: fc.constant(true as const) }) },
);

const decision = fc.constantFrom(
  { decision: 'once', reason: null } as const,
  { decision: 'deny', reason: null } as const,
  { decision: 'deny', reason: 'not that one' } as const,
  { decision: 'interrupt', reason: null } as const,
);

function answerOf(made: Move, call: number): Answer {
  if ('says' in made) return made.says;
  if ('fails' in made) return { failure: { kind: 'unavailable', message: 'it is gone' } };
  const calls: readonly ToolCall[] = made.calls.map((name, place) => ({
    callId: `c${call}-${place}`,
    tool: name,
    arguments: {},
  }));
  return { calls };
}

interface Script {
  readonly moves: readonly Move[];
  readonly decisions: readonly {
    readonly decision: 'once' | 'deny' | 'interrupt';
    readonly reason: string | null;
  }[];
}

/** Plays turns in one conversation, one after the other. */
async function openStage() {
  let script: Script = { moves: [], decisions: [] };
  let [calls, asked] = [0, 0];
  const bench = await openBench({
    tools: TOOLS,
    script: (_, call) => answerOf(script.moves[calls++] ?? { says: 'that is all' }, call),
  });
  bench.assistant.watch('talk', (event) => {
    if (event.type !== 'entry' || event.entry.type !== 'approval.requested') return;
    const { approvalId } = event.entry;
    const answer = script.decisions[asked++ % script.decisions.length];
    const { decision, reason } = answer ?? { decision: 'deny', reason: null };
    void bench.input(
      decision === 'interrupt' ? { type: 'interrupt' } : { type: 'approval', approvalId, decision, reason },
    );
  });

  /** What a turn did, as the runtime told it while it ran, beside what its journal makes of it. */
  async function bothWays(next: Script): Promise<{ ran: readonly string[]; folded: FoldedTurn }> {
    script = next;
    [calls, asked] = [0, 0];
    const ran: string[] = [];
    const stop = bench.system.record((fact) => {
      if (isOfTurn(fact)) ran.push(line(fact));
    });
    const inboxId = await bench.say('please do it');
    const began = await bench.waitFor('turn.began', ({ messages }) => messages[0]?.inboxId === inboxId);
    await until(() => ran.at(-1)?.endsWith('→ done') === true);
    stop();
    const entries = (await bench.entries()).filter(
      (entry) => 'turnId' in entry && entry.turnId === began.turnId,
    );
    return { ran, folded: foldTurn(entries, { limits: LIMITS, channel: 'web', effectOf }) };
  }
  return { bothWays, [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose]() };
}

const isOfTurn = (fact: sys.RuntimeFact): fact is sys.TransitionFact =>
  fact.kind === 'transition' && fact.actor.endsWith('/talk/turn');

const line = ({ event, from, to }: { event: string; from: string; to: string }): string =>
  `${event}: ${from} → ${to}`;

const folds = ({ folds: [, ...steps] }: FoldedTurn): readonly string[] =>
  steps.map(({ event, before, after }) =>
    line({ event: event?.type ?? '', from: String(before?.value), to: String(after.value) }),
  );

test('a turn gone through again from its journal takes the very steps that it took', {
  timeout: 120_000,
}, async () => {
  await using stage = await openStage();
  const scripts = fc.record({
    moves: fc.array(move, { maxLength: 7 }),
    decisions: fc.array(decision, { minLength: 1, maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(scripts, async (script) => {
      const { ran, folded } = await stage.bothWays(script);
      expect(folded.diverged).toBeNull();
      expect(folds(folded)).toEqual(ran);
    }),
    { numRuns: 25 },
  );
});
