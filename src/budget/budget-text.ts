import type { BudgetReport, BudgetState, ConversationSpending, ModelSpending } from '../core/budget.ts';
import { formatUsd } from './usd.ts';

/** The report as a person reads it: tables of plain text. Names are shown as they are; a terminal cleans them. */
export function budgetText(report: BudgetReport): string {
  const { today, month, models, conversations } = report;
  const parts = [
    columns([['', 'spent', 'set aside', 'limit'], stateRow('today', today), stateRow('this month', month)]),
    limitsText(report.limits),
    models.length === 0
      ? 'No model was paid for this month.'
      : columns([['model', 'today', 'this month', 'calls', 'tokens in', 'out'], ...models.map(modelRow)]),
    conversations.length === 0
      ? ''
      : columns([['conversation', 'spent', 'set aside', ''], ...conversations.map(talkRow)]),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function stateRow(name: string, state: BudgetState): readonly string[] {
  return [name, formatUsd(state.spentMicroUsd), formatUsd(state.reservedMicroUsd), limitText(state)];
}

function limitText({ limitMicroUsd, addedMicroUsd }: BudgetState): string {
  if (limitMicroUsd === null) return 'none';
  const limit = formatUsd(limitMicroUsd);
  return addedMicroUsd === 0 ? limit : `${limit}, of which you added ${formatUsd(addedMicroUsd)}`;
}

function limitsText({ conversationMicroUsd, turnMicroUsd, agentMicroUsd }: BudgetReport['limits']): string {
  const limits = [
    ['a conversation', conversationMicroUsd] as const,
    ['a turn', turnMicroUsd] as const,
    ['an agent', agentMicroUsd] as const,
  ].flatMap(([name, limit]) => (limit === null ? [] : [`${name} ${formatUsd(limit)}`]));
  return limits.length === 0 ? '' : `At most: ${limits.join(', ')}.`;
}

const modelRow = (one: ModelSpending): readonly string[] => [
  one.model,
  formatUsd(one.todayMicroUsd),
  formatUsd(one.monthMicroUsd),
  String(one.calls),
  one.inputTokens.toLocaleString('en-US'),
  one.outputTokens.toLocaleString('en-US'),
];

/** The title comes last, where its width does not matter. */
const talkRow = (one: ConversationSpending): readonly string[] => [
  one.conversationId,
  formatUsd(one.spentMicroUsd),
  one.reservedMicroUsd === 0 ? '' : formatUsd(one.reservedMicroUsd),
  (one.title ?? '').split('\n', 1)[0] ?? '',
];

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
