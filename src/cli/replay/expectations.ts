import type { TraceExpectations } from '../../llm/index.ts';
import type { Observed, ObservedCall } from './observation.ts';
import { patternFromRust } from './pattern.ts';

/** What came of comparing a run with its expectations, a sentence each. Empty failures: all of them held. */
export interface Verdict {
  readonly failures: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Compares what a run (or one turn of it) did with the expectations of a trace. Text is compared without regard
 * to case. An expectation that nobody knows is a warning that names it.
 */
export function checkExpectations(expected: TraceExpectations, observed: Observed): Verdict {
  return {
    failures: Object.values(CHECKS).flatMap((check) => check(expected, observed)),
    warnings: Object.keys(expected)
      .filter((key) => !Object.hasOwn(CHECKS, key))
      .map((key) => `expects.${key} is not known and was not checked`),
  };
}

type Check = (expected: TraceExpectations, observed: Observed) => readonly string[];

const CHECKS: Record<string, Check> = {
  response_contains: ({ response_contains = [] }, { responses }) =>
    response_contains
      .filter((text) => !contains(responses.join('\n'), text))
      .map((text) => `response_contains: ${quote(text)} is not in ${replies(responses)}`),

  response_not_contains: ({ response_not_contains = [] }, { responses }) =>
    response_not_contains
      .filter((text) => contains(responses.join('\n'), text))
      .map((text) => `response_not_contains: ${quote(text)} is in ${replies(responses)}`),

  response_matches: ({ response_matches }, { responses }) => {
    if (response_matches == null) return [];
    const pattern = patternFromRust(response_matches);
    if (!pattern.ok) return [`response_matches: /${response_matches}/ cannot be used: ${pattern.error}`];
    if (pattern.value.test(responses.join('\n'))) return [];
    return [`response_matches: /${response_matches}/ does not match ${replies(responses)}`];
  },

  tools_used: ({ tools_used = [] }, { calls }) =>
    tools_used
      .filter((tool) => !calls.some((call) => call.tool === tool && ran(call)))
      .map((tool) => `tools_used: ${whyNotRun(tool, calls)}`),

  tools_not_used: ({ tools_not_used = [] }, { calls }) =>
    tools_not_used
      .filter((tool) => calls.some((call) => call.tool === tool && ran(call)))
      .map((tool) => `tools_not_used: ${tool} ran`),

  tools_order: ({ tools_order = [] }, { calls }) => {
    const order = calls.filter(ran).map((call) => call.tool);
    if (isSubsequence(tools_order, order)) return [];
    return [`tools_order: expected ${list(tools_order)}, ran ${list(order)}`];
  },

  all_tools_succeeded: ({ all_tools_succeeded }, { calls }) => {
    const failed = calls.filter((call) => call.fate === 'failed' || call.fate === 'refused');
    if (all_tools_succeeded === true) {
      return failed.map((call) => `all_tools_succeeded: ${call.tool} ${call.fate}: ${quote(call.content)}`);
    }
    if (all_tools_succeeded === false && failed.length === 0) {
      return ['all_tools_succeeded: false was expected, but no tool failed'];
    }
    return [];
  },

  max_tool_calls: ({ max_tool_calls }, { calls }) => {
    const most = max_tool_calls ?? Number.POSITIVE_INFINITY;
    const made = calls.filter((call) => call.fate !== 'denied').map((call) => call.tool);
    if (made.length <= most) return [];
    return [`max_tool_calls: at most ${most} expected, made ${made.length}: ${list(made)}`];
  },

  min_responses: ({ min_responses }, { responses }) => {
    const least = min_responses ?? 0;
    if (responses.length >= least) return [];
    return [`min_responses: at least ${least} expected, got ${responses.length}`];
  },

  tool_results_contain: ({ tool_results_contain = {} }, { calls }) =>
    Object.entries(tool_results_contain).flatMap(([tool, text]) => resultContains(tool, text, calls)),
};

function resultContains(tool: string, text: string, calls: readonly ObservedCall[]): readonly string[] {
  const results = calls.filter((call) => call.tool === tool && ran(call)).map((call) => call.content);
  if (results.length === 0) return [`tool_results_contain: ${whyNotRun(tool, calls)}`];
  if (results.some((content) => contains(content, text))) return [];
  return [
    `tool_results_contain: ${quote(text)} is in no result of ${tool}: ${results.map(quote).join(', ')}`,
  ];
}

function whyNotRun(tool: string, calls: readonly ObservedCall[]): string {
  const call = calls.find((candidate) => candidate.tool === tool);
  if (call === undefined) return `${tool} was not called; called: ${list(calls.map((each) => each.tool))}`;
  return `${tool} was called but ${call.fate}: ${quote(call.content)}`;
}

const ran = (call: ObservedCall): boolean => call.fate === 'succeeded' || call.fate === 'failed';

const contains = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let matched = 0;
  for (const item of whole) if (item === part[matched]) matched += 1;
  return matched === part.length;
}

const list = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));

const replies = (responses: readonly string[]): string =>
  responses.length === 0 ? 'the reply: there was none' : `the reply ${quote(responses.join('\n'))}`;

const LONGEST_QUOTE = 200;

function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}
