import { expect, test } from 'vitest';
import { budgetText } from './budget-text.ts';
import { formatUsd } from './usd.ts';

test.each([
  [0, '$0.00'],
  [4_020_000, '$4.02'],
  [1_234_567_890, '$1234.57'],
  [9_999, '$0.0100'],
  [3_400, '$0.0034'],
  [12, '$0.000012'],
])('%i millionths are %s', (microUsd, text) => {
  expect(formatUsd(microUsd)).toBe(text);
});

const EMPTY = {
  limitMicroUsd: null,
  addedMicroUsd: 0,
  spentMicroUsd: 0,
  reservedMicroUsd: 0,
};

test('a report is shown as tables', () => {
  const text = budgetText({
    today: {
      period: '2026-11-21',
      limitMicroUsd: 10_000_000,
      addedMicroUsd: 5_000_000,
      spentMicroUsd: 4_020_000,
      reservedMicroUsd: 60_000,
    },
    month: { ...EMPTY, period: '2026-11', spentMicroUsd: 20_100_000 },
    limits: { conversationMicroUsd: 1_000_000, turnMicroUsd: null, agentMicroUsd: 250_000 },
    models: [
      {
        model: 'openai/gpt-5-mini',
        calls: 12,
        inputTokens: 34_000,
        outputTokens: 5_000,
        todayMicroUsd: 100_000,
        monthMicroUsd: 1_200_000,
      },
    ],
    conversations: [
      {
        conversationId: '01M7',
        title: 'Taxes\nand more',
        spentMicroUsd: 700_000,
        reservedMicroUsd: 0,
        lastPaidAt: '2026-11-21T10:00:00.000Z',
      },
    ],
  });
  expect(text).toBe(
    [
      '            spent   set aside  limit',
      'today       $4.02   $0.06      $10.00, of which you added $5.00',
      'this month  $20.10  $0.00      none',
      '',
      'At most: a conversation $1.00, an agent $0.25.',
      '',
      'model              today  this month  calls  tokens in  out',
      'openai/gpt-5-mini  $0.10  $1.20       12     34,000     5,000',
      '',
      'conversation  spent  set aside',
      '01M7          $0.70             Taxes',
    ].join('\n'),
  );
});

test('where nothing was paid it says so', () => {
  const report = {
    today: { ...EMPTY, period: '2026-11-21' },
    month: { ...EMPTY, period: '2026-11' },
    limits: { conversationMicroUsd: null, turnMicroUsd: null, agentMicroUsd: null },
    models: [],
    conversations: [],
  };
  expect(budgetText(report)).toMatch(/\n\nNo model was paid for this month\.$/);
});
