import type { AuditLog } from '../audit/index.ts';
import type { AuditRecord } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { JsonObject } from '../core/json.ts';
import type { LeakDetector } from '../safety/index.ts';
import type { EgressOrder } from './egress.ts';
import type { EgressRefusal } from './refuse.ts';

export interface RequestLine {
  readonly kind: Extract<AuditRecord['kind'], `http.${string}`>;
  readonly method?: string | undefined;
  readonly host?: string | undefined;
  /** Only of a request that was looked through for secrets. */
  readonly path?: string | undefined;
  readonly refusal?: EgressRefusal | undefined;
  readonly message?: string;
  readonly detail?: JsonObject;
}

/** The audit log's lines of one door. Each resolves when it is on record, and rejects where it cannot be. */
export interface RequestLog {
  write(line: RequestLine): Promise<void>;
  /** One of the requests above the rate: the first of a minute is a line, the others are counted in the next one. */
  tooMany(refusal: EgressRefusal): Promise<void>;
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;

interface Services {
  readonly audit: Pick<AuditLog, 'write'>;
  readonly leaks: LeakDetector;
  readonly clock: Clock;
}

export function createRequestLog({ audit, leaks, clock }: Services, order: EgressOrder): RequestLog {
  const clean = (text: string): string => leaks.redact(text, leaks.scan(text));
  const append = createWriter((records) => audit.write(records));
  let uncounted = 0;
  let notedAt = Number.NEGATIVE_INFINITY;
  const write = (line: RequestLine): Promise<void> => append(recordOf(line, order, clean));
  const note = (refusal: EgressRefusal): Promise<void> => {
    const requests = uncounted;
    uncounted = 0;
    notedAt = clock.now();
    return write({ kind: 'http.refused', refusal, detail: { requests } });
  };
  return {
    write,
    async tooMany(refusal) {
      uncounted++;
      if (clock.now() - notedAt >= MINUTE_MS) await note(refusal);
    },
    async close() {
      if (uncounted > 0) await note({ rule: 'http-rate', message: 'Requests above the rate were refused.' });
    },
  };
}

/** Lines that come while others are written go together: a commit costs more than a line. */
function createWriter(
  write: (records: readonly AuditRecord[]) => Promise<void>,
): (record: AuditRecord) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let waiting: { readonly records: AuditRecord[]; readonly written: Promise<void> } | undefined;
  return (record) => {
    if (waiting === undefined) {
      const records: AuditRecord[] = [];
      const written = last
        .catch(() => {})
        .then(() => {
          waiting = undefined;
          return write(records);
        });
      last = written;
      waiting = { records, written };
    }
    waiting.records.push(record);
    return waiting.written;
  };
}

function recordOf(line: RequestLine, order: EgressOrder, clean: (text: string) => string): AuditRecord {
  const { kind, method, host, path, refusal, message, detail } = line;
  const { invocation, conversationId } = order;
  return {
    kind,
    tool: invocation.kind,
    rule: refusal?.rule,
    message: clean(refusal?.message ?? message ?? ''),
    conversationId,
    effectId: `${invocation.kind}/${invocation.id}`,
    detail: {
      container: `${invocation.kind}/${invocation.id}`,
      ...(method !== undefined && { method: method.slice(0, 20) }),
      ...(host !== undefined && { host: clean(host) }),
      ...(path !== undefined && { path: clean(path) }),
      ...detail,
    },
  };
}
