import { fromPromise } from 'xstate';
import type { Verdict } from '../machines/tool-calls.ts';
import type { AuditRecord } from '../src/core/audit.ts';
import { OWNER } from '../src/core/user.ts';
import { type MadeCall, rejectionIn, unparsedArguments } from '../src/llm/index.ts';
import type { PolicyDecision } from '../src/policy/index.ts';
import type { Statement } from '../src/storage/index.ts';
import { isConsequential, powersOf, SPAWN_TOOL, type Tool } from '../src/tools/index.ts';
import { callLine } from './call-audit.ts';
import type { Environment } from './environment.ts';
import { REDACTED, wouldLeak } from './secrecy.ts';
import type { TurnFact } from './turn-fact.ts';
import { influenced, type TurnSoFar } from './turn-so-far.ts';

export interface PolicyCheckInput {
  readonly env: Environment;
  readonly conversationId: string;
  readonly effectId: string;
  readonly turn: TurnSoFar;
  /** The calls that wait, in the order the model made them. */
  readonly calls: readonly MadeCall[];
}

/** A verdict, and what is to be on record of it. */
interface Judgement {
  readonly verdict: Verdict;
  /** It may run while others of its kind do. */
  readonly isIndependent?: boolean;
  readonly audit: readonly AuditRecord[];
}

/**
 * Decides what happens next to the calls of an answer. The first call is always judged; calls after it join it
 * only while all of them are free to run and independent of each other: read-only, or agents, of which so many work
 * side by side. The rest keep their place until the ones before them are done.
 */
export const policyCheck = fromPromise<TurnFact, PolicyCheckInput>(async ({ input }) => {
  const { verdicts, writes } = await judgedCalls(input);
  return { event: { type: 'calls.judged', effectId: input.effectId, verdicts }, writes };
});

/** The verdicts, and what is to be on record of them. */
export async function judgedCalls(
  input: PolicyCheckInput,
): Promise<{ readonly verdicts: readonly Verdict[]; readonly writes: readonly Statement[] }> {
  const judgements: Judgement[] = [];
  for (const made of input.calls) {
    const judgement = await judge(input, influenced(made, input.turn));
    if (judgements.length > 0 && !runsBesideOthers(judgement)) break;
    judgements.push(judgement);
    if (!runsBesideOthers(judgement) || judgements.filter(isAgent).length >= MOST_AGENTS_AT_ONCE) break;
  }
  const { statements } = input.env.audit;
  return {
    verdicts: judgements.map(({ verdict }) => verdict),
    writes: statements(judgements.flatMap(({ audit }) => audit)),
  };
}

const MOST_AGENTS_AT_ONCE = 4;
/** A model that goes astray must not fill the machine with others. */
const MOST_AGENTS_OF_A_TURN = 20;

const isAgent = ({ isIndependent }: Judgement): boolean => isIndependent === true;

const runsBesideOthers = ({ verdict, isIndependent }: Judgement): boolean =>
  verdict.verdict === 'allow' && (verdict.effect === 'pure' || isIndependent === true);

async function judge(input: PolicyCheckInput, made: MadeCall): Promise<Judgement> {
  const { env, conversationId, turn } = input;
  const { call, origins } = made;
  const rejection = rejectionIn(call.arguments);
  if (rejection !== undefined) return stopped(input, made, rejection);
  const unparsed = unparsedArguments(call.arguments);
  if (unparsed !== undefined) return slip(call.callId, malformed(unparsed));
  const tool = env.tools.get(call.tool);
  if (!tool) return slip(call.callId, env.tools.missing(call.tool));
  if (tool.name === SPAWN_TOOL && agentsOf(turn) >= MOST_AGENTS_OF_A_TURN) {
    return refusal(input, made, tool, { reason: TOO_MANY_AGENTS, rule: 'too-many-agents' });
  }
  if (isConsequential(tool, call.arguments) && holdsRedaction(call.arguments)) {
    return refusal(input, made, tool, { reason: REDACTED_ARGUMENT, rule: 'redacted-argument' });
  }
  if (powersOf(tool, call.arguments).includes('sends') && wouldLeak(env, call.arguments)) {
    return refusal(input, made, tool, { reason: LEAK, rule: 'leak-in-arguments' });
  }
  const decision = await env.policy.judge({
    tool,
    arguments: call.arguments,
    conversationId,
    user: OWNER,
    origins,
    ...turn,
  });
  return judgement(input, made, tool, decision);
}

function judgement(input: PolicyCheckInput, made: MadeCall, tool: Tool, decision: PolicyDecision): Judgement {
  const { callId } = made.call;
  const { effect } = tool;
  switch (decision.verdict) {
    case 'allow':
      return {
        verdict: { callId, verdict: 'allow', effect },
        audit: [],
        isIndependent: tool.independent === true,
      };
    case 'refuse':
      return refusal(input, made, tool, decision);
    case 'ask': {
      const { scope, ...question } = decision;
      const approvalId = input.env.ids.next();
      const asked = { ...question, callId, effect, approvalId, ...(scope !== undefined && { scope }) };
      return { verdict: asked, audit: [] };
    }
  }
}

/** A hook of the owner's said no. */
function stopped(input: PolicyCheckInput, made: MadeCall, reason: string): Judgement {
  const tool = input.env.tools.get(made.call.tool);
  return tool ? refusal(input, made, tool, { reason, rule: 'hook' }) : slip(made.call.callId, reason);
}

/** A call that means nothing: told to the model, but no act that anybody decided about. */
const slip = (callId: string, content: string): Judgement => ({
  verdict: { callId, verdict: 'refuse', content },
  audit: [],
});

function refusal(
  { conversationId, effectId }: PolicyCheckInput,
  made: MadeCall,
  tool: Tool,
  { reason, rule }: { readonly reason: string; readonly rule: string },
): Judgement {
  const line = callLine({ tool, made, conversationId, effectId });
  return {
    verdict: { callId: made.call.callId, verdict: 'refuse', content: reason },
    audit: [{ ...line, kind: 'tool.refused', rule, message: reason }],
  };
}

const agentsOf = ({ done }: TurnSoFar): number => done.filter(({ tool }) => tool === SPAWN_TOOL).length;

const TOO_MANY_AGENTS = `This was not run: ${MOST_AGENTS_OF_A_TURN} agents were sent in this turn, which is the most. Go on with what they found.`;

const holdsRedaction = (args: object): boolean => REDACTED.test(JSON.stringify(args));

const REDACTED_ARGUMENT =
  'This was not run: its arguments hold "[REDACTED:…]", which stands for a secret that was taken out. Written somewhere, it would take the place of the secret. Leave that part as it is (change only the text around it), or ask the user to do it.';

const LEAK =
  'This was not run: its arguments hold what looks like a live key or password, and it would leave this machine. Leave it out. Tools are given their own secrets by Ironbark; the user sets them with: ironbark secrets set NAME';

const malformed = (text: string): string =>
  `The arguments of this call are not a JSON object. Make the call again with proper JSON. They began: ${text.slice(0, 200)}`;
