import { ChartColumn } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { UsageReply } from '../../../../src/core/api/usage.ts';
import { api } from '../../api.ts';
import { count } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Page } from '../../shell/page.tsx';
import { Card, EmptyState, Select, Table, Time } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';
import { BudgetBar } from './budget-bar.tsx';
import { DayChart, longDay } from './day-chart.tsx';
import { dollars } from './dollars.ts';
import './usage.css';

/** What models cost, and what they may cost. */
export default function UsagePage() {
  const [days, setDays] = useState('30');
  const usage = useLoaded(days, (signal) => api<UsageReply>('/api/usage', { query: { days }, signal }));
  const period = (
    <Select
      label={<span class="unseen">{t('Period')}</span>}
      value={days}
      onChange={setDays}
      options={['7', '30', '90', '365'].map((value) => ({
        value,
        label: t('Last {days} days', { days: value }),
      }))}
    />
  );
  return (
    <Page title={t('Usage')} actions={period}>
      <div class="stack">
        <Shown of={usage} lines={8}>
          {(report) => <Report report={report} />}
        </Shown>
      </div>
    </Page>
  );
}

function Report({ report }: { readonly report: UsageReply }) {
  const { budgets, by_day, timezone } = report;
  return (
    <>
      <div class="usage-budgets">
        <BudgetBar label={t('Today')} bar={budgets.today} />
        <BudgetBar label={t('This month')} bar={budgets.month} />
        <SingleLimits budgets={budgets} />
      </div>
      {by_day.every(({ calls }) => calls === 0) ? (
        <EmptyState icon={ChartColumn} title={t('No model was asked in this time')}>
          {t('Every call is listed here with what it cost. Say something in a conversation, and come back.')}
        </EmptyState>
      ) : (
        <>
          <Card title={t('By day')} actions={<span class="quiet small">{timezone}</span>}>
            <DayChart days={by_day} />
            <DayTable days={by_day} />
          </Card>
          <Models models={report.by_model} />
          <Conversations conversations={report.by_conversation} />
        </>
      )}
    </>
  );
}

function SingleLimits({ budgets }: { readonly budgets: UsageReply['budgets'] }) {
  const limits: readonly (readonly [string, number | null])[] = [
    [t('One conversation'), budgets.conversation_limit_usd],
    [t('One turn'), budgets.turn_limit_usd],
    [t('One agent'), budgets.agent_limit_usd],
  ];
  return (
    <section class="usage-budget">
      <h2 class="usage-budget-label">{t('May cost at most')}</h2>
      <dl class="usage-limits">
        {limits.map(([what, limit]) => (
          <div key={what} class="spread">
            <dt>{what}</dt>
            <dd>{limit === null ? <span class="quiet">{t('no limit')}</span> : dollars(limit)}</dd>
          </div>
        ))}
      </dl>
      <p class="small">
        <a href="/settings/budgets">{t('Change the limits')}</a>
      </p>
    </section>
  );
}

function DayTable({ days }: { readonly days: UsageReply['by_day'] }) {
  const spent = days.filter(({ calls }) => calls > 0).reverse();
  return (
    <details class="day-table">
      <summary>{t('The same as a table')}</summary>
      <Table
        caption={t('By day')}
        rows={spent}
        rowKey={({ day }) => day}
        columns={[
          { key: 'day', head: t('Day'), cell: longDay },
          { key: 'calls', head: t('Calls'), end: true, cell: ({ calls }) => count(calls) },
          { key: 'in', head: t('Tokens read'), end: true, cell: (day) => count(day.input_tokens) },
          { key: 'out', head: t('Tokens written'), end: true, cell: (day) => count(day.output_tokens) },
          { key: 'cost', head: t('Cost'), end: true, cell: ({ cost_usd }) => dollars(cost_usd) },
        ]}
      />
    </details>
  );
}

function Models({ models }: { readonly models: UsageReply['by_model'] }) {
  const most = Math.max(...models.map(({ cost_usd }) => cost_usd), 0);
  return (
    <section class="stack">
      <h2>{t('By model')}</h2>
      <Table
        caption={t('By model')}
        rows={models}
        rowKey={({ model }) => model}
        columns={[
          { key: 'model', head: t('Model'), cell: ({ model }) => <span class="mono">{model}</span> },
          { key: 'calls', head: t('Calls'), end: true, cell: ({ calls }) => count(calls) },
          { key: 'in', head: t('Tokens read'), end: true, cell: (model) => count(model.input_tokens) },
          { key: 'out', head: t('Tokens written'), end: true, cell: (model) => count(model.output_tokens) },
          {
            key: 'cost',
            head: t('Cost'),
            end: true,
            cell: ({ cost_usd }) => <Share of={most} cost={cost_usd} />,
          },
        ]}
      />
    </section>
  );
}

function Conversations({ conversations }: { readonly conversations: UsageReply['by_conversation'] }) {
  const most = Math.max(...conversations.map(({ cost_usd }) => cost_usd), 0);
  return (
    <section class="stack">
      <h2>{t('By conversation')}</h2>
      <Table
        caption={t('By conversation')}
        rows={conversations}
        rowKey={({ thread_id }) => thread_id}
        columns={[
          {
            key: 'title',
            head: t('Conversation'),
            cell: ({ thread_id, title }) => (
              <a href={`/chat/${encodeURIComponent(thread_id)}`}>{title ?? t('Untitled')}</a>
            ),
          },
          { key: 'calls', head: t('Calls'), end: true, cell: ({ calls }) => count(calls) },
          { key: 'at', head: t('Last'), end: true, cell: ({ last_paid_at }) => <Time at={last_paid_at} /> },
          {
            key: 'cost',
            head: t('Cost'),
            end: true,
            cell: ({ cost_usd }) => <Share of={most} cost={cost_usd} />,
          },
        ]}
      />
    </section>
  );
}

/** An amount, with a line as long as its share of the largest. */
function Share({ of, cost }: { readonly of: number; readonly cost: number }) {
  const width = of === 0 ? 0 : (cost / of) * 100;
  return (
    <span class="usage-share">
      {dollars(cost)}
      <i style={{ width: `${width}%` }} />
    </span>
  );
}
