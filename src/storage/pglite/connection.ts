import { messages, type PGlite, protocol } from '@electric-sql/pglite';
import { SqlError } from '../sql-error.ts';
import type { Column } from '../values.ts';
import type { RawResult, WireStatement } from './messages.ts';

/** The one session of an embedded database. Calls must not overlap. */
export interface Connection {
  /** Runs one statement; throws `SqlError` where it is refused. */
  run(statement: WireStatement): Promise<RawResult>;
  /** Runs statements in a transaction of their own, in one exchange; throws `SqlError`, and keeps nothing, where one is refused. */
  runTogether(statements: readonly WireStatement[]): Promise<readonly RawResult[]>;
  /** Runs several statements without parameters, separated by semicolons. */
  script(sql: string): Promise<void>;
}

export interface Listeners {
  readonly onNotification: (channel: string, payload: string) => void;
  readonly onNotice: (text: string) => void;
}

interface Prepared {
  readonly name: string;
  readonly columns: readonly Column[];
}

/** More different texts than this are parsed each time: someone writes values into them. */
const MAX_PREPARED = 256;

/**
 * Speaks PostgreSQL's wire protocol with PGlite instead of using its `query`, which parses and describes every
 * statement anew in five exchanges; a statement that was seen before takes one here.
 */
export function createConnection(pglite: PGlite, listeners: Listeners): Connection {
  const { serialize } = protocol;
  const parser = new protocol.Parser();
  const prepared = new Map<string, Prepared>();

  async function exchange(...requests: readonly Uint8Array[]): Promise<readonly messages.BackendMessage[]> {
    const answers: messages.BackendMessage[] = [];
    const onRawData = (bytes: Uint8Array): void =>
      // The bytes lie in the database's own memory and are gone afterwards; the parser may keep an end of them.
      parser.parse(bytes.slice(), (answer) => answers.push(answer));
    await pglite.execProtocolRawStream(Buffer.concat(requests), { syncToFs: false, onRawData });
    for (const answer of answers) tellListeners(answer, listeners);
    throwRefusal(answers);
    return answers;
  }

  async function prepare(sql: string): Promise<Prepared> {
    const known = prepared.get(sql);
    if (known) return known;
    const name = prepared.size < MAX_PREPARED ? `s${prepared.size}` : '';
    const answers = await exchange(
      serialize.parse({ name, text: sql }),
      serialize.describe({ type: 'S', name }),
      serialize.sync(),
    );
    const statement = { name, columns: columnsOf(answers) };
    if (name !== '') prepared.set(sql, statement);
    return statement;
  }

  /** After a change of the schema, what was prepared may no longer fit it. */
  async function forgetPrepared(): Promise<void> {
    prepared.clear();
    await exchange(serialize.query('deallocate all'));
  }

  /** There is one statement without a name at a time. */
  const execution = ({ sql, params }: WireStatement, { name }: Prepared): readonly Uint8Array[] => [
    ...(name === '' ? [serialize.parse({ text: sql })] : []),
    serialize.bind({ statement: name, values: params.map(toBindable) }),
    serialize.execute({}),
  ];

  async function runTogether(statements: readonly WireStatement[]): Promise<readonly RawResult[]> {
    const executions: (readonly Uint8Array[])[] = [];
    const columns: (readonly Column[])[] = [];
    for (const statement of statements) {
      const known = await prepare(statement.sql);
      executions.push(execution(statement, known));
      columns.push(known.columns);
    }
    // To PostgreSQL all that comes before a `sync` is one transaction.
    const answers = await exchange(...executions.flat(), serialize.sync());
    const results = answersByStatement(answers).map((own, place) => resultOf(own, columns[place] ?? []));
    if (results.some(({ tag }) => changesSchema(tag))) await forgetPrepared();
    return results;
  }

  return {
    runTogether,
    async run(statement) {
      const [result] = await runTogether([statement]);
      return result ?? resultOf([], []);
    },
    async script(sql) {
      await exchange(serialize.query(sql));
      await forgetPrepared();
    },
  };
}

/** The serializer's types ask for bytes whose memory is not shared; cloning between threads made them so. */
function toBindable(value: string | null | Uint8Array): string | null | Uint8Array<ArrayBuffer> {
  return value instanceof Uint8Array ? Uint8Array.from(value) : value;
}

function tellListeners(answer: messages.BackendMessage, listeners: Listeners): void {
  if (answer instanceof messages.NotificationResponseMessage)
    listeners.onNotification(answer.channel, answer.payload);
  if (answer instanceof messages.NoticeMessage) listeners.onNotice(answer.message ?? '');
}

function throwRefusal(answers: readonly messages.BackendMessage[]): void {
  const refusal = answers.find((answer) => answer instanceof messages.DatabaseError);
  if (refusal) throw new SqlError(refusal);
}

/** Each statement's answers end with its tag. */
function answersByStatement(
  answers: readonly messages.BackendMessage[],
): readonly (readonly messages.BackendMessage[])[] {
  const ends = answers.flatMap((answer, place) => (isEnd(answer) ? [place + 1] : []));
  return ends.map((end, statement) => answers.slice(ends[statement - 1] ?? 0, end));
}

const isEnd = ({ name }: messages.BackendMessage): boolean =>
  name === 'commandComplete' || name === 'emptyQuery';

function resultOf(answers: readonly messages.BackendMessage[], columns: readonly Column[]): RawResult {
  const tag = commandTag(answers);
  const rows = answers.filter((answer) => answer instanceof messages.DataRowMessage);
  return { columns, rows: rows.map(({ fields }) => fields), rowCount: countOf(tag), tag };
}

function columnsOf(answers: readonly messages.BackendMessage[]): readonly Column[] {
  const description = answers.find((answer) => answer instanceof messages.RowDescriptionMessage);
  return description?.fields.map((field) => ({ name: field.name, type: field.dataTypeID })) ?? [];
}

/** For example `INSERT 0 1` or `CREATE TABLE`. */
function commandTag(answers: readonly messages.BackendMessage[]): string {
  return answers.find((answer) => answer instanceof messages.CommandCompleteMessage)?.text ?? '';
}

const changesSchema = (tag: string): boolean => /^(CREATE|ALTER|DROP)\b/.test(tag);

const countOf = (tag: string): number => Number(/\d+$/.exec(tag)?.[0] ?? 0);
