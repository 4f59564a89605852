import type { DaySpending, Spending, SpendingHistory } from '../core/budget.ts';
import type { Queryable } from '../storage/index.ts';
import { lastDays } from './period.ts';
import type { ReportSource } from './report.ts';

const CONVERSATIONS = 50;
const MOST_DAYS = 366;

/** Reads every call of these days three times, by their index: tens of milliseconds for 100,000 of them. */
export async function readHistory(
  { database, clock, timezone }: ReportSource,
  count: number,
): Promise<SpendingHistory> {
  const days = lastDays(clock.now(), timezone, Math.min(Math.max(count, 1), MOST_DAYS));
  const from = new Date(days[0]?.start ?? clock.now());
  const to = new Date(days.at(-1)?.end ?? clock.now());
  const [byDay, models, conversations] = await Promise.all([
    readDays(database, [...days.map(({ start }) => start), to.getTime()]),
    readModels(database, from, to),
    readConversations(database, from, to),
  ]);
  return {
    timezone,
    days: days.map(({ day }, at): DaySpending => ({ day, ...(byDay.get(at + 1) ?? NOTHING) })),
    models,
    conversations,
  };
}

const NOTHING: Spending = { calls: 0, inputTokens: 0, outputTokens: 0, spentMicroUsd: 0 };

/** A reservation is no call yet, and one that failed before it cost anything never became one. */
const SUMS = `count(*)::integer as calls, coalesce(sum(input_tokens), 0)::bigint as input,
              coalesce(sum(output_tokens), 0)::bigint as output, coalesce(sum(spent), 0)::bigint as spent`;

type Sums = {
  readonly calls: number;
  readonly input: number;
  readonly output: number;
  readonly spent: number;
};

const toSpending = ({ calls, input, output, spent }: Sums): Spending => ({
  calls,
  inputTokens: input,
  outputTokens: output,
  spentMicroUsd: spent,
});

/**
 * By the place of the day, from 1. Midnights are reckoned here rather than by the database, whose own list of time zones
 * may be another.
 *
 * @param midnights those between which the days lie, ascending
 */
async function readDays(
  database: Queryable,
  midnights: readonly number[],
): Promise<ReadonlyMap<number, Spending>> {
  const { rows } = await database.query<Sums & { readonly bucket: number }>(
    `select width_bucket(extract(epoch from at)::float8, $1::float8[]) as bucket, ${SUMS}
       from spend
      where at >= $2 and at < $3 and model is not null
      group by bucket`,
    [midnights.map((at) => at / 1000), new Date(midnights[0] ?? 0), new Date(midnights.at(-1) ?? 0)],
  );
  return new Map(rows.map((row) => [row.bucket, toSpending(row)]));
}

async function readModels(database: Queryable, from: Date, to: Date) {
  const { rows } = await database.query<Sums & { readonly model: string }>(
    `select model, ${SUMS} from spend
      where at >= $1 and at < $2 and model is not null
      group by model order by spent desc, calls desc, model`,
    [from, to],
  );
  return rows.map((row) => ({ model: row.model, ...toSpending(row) }));
}

type ConversationRow = Sums & {
  readonly id: string;
  readonly title: string | null;
  readonly last: Date;
};

async function readConversations(database: Queryable, from: Date, to: Date) {
  const { rows } = await database.query<ConversationRow>(
    `select s.*, c.title
       from (select conversation_id as id, max(at) as last, ${SUMS} from spend
              where at >= $1 and at < $2 and model is not null
              group by conversation_id
              order by spent desc, calls desc, id limit ${CONVERSATIONS}) s
       left join conversation c on c.id = s.id
      order by s.spent desc, s.calls desc, s.id`,
    [from, to],
  );
  return rows.map((row) => ({
    conversationId: row.id,
    title: row.title,
    lastPaidAt: row.last.toISOString(),
    ...toSpending(row),
  }));
}
