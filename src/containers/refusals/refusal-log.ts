import type { AuditLog } from '../../audit/index.ts';
import type { AuditRecord } from '../../core/audit.ts';
import type { Clock } from '../../core/clock.ts';
import type { Refusal, RefusalRule } from './refusal.ts';

export interface RefusedContainer {
  readonly id: string;
  readonly purpose: { readonly kind: string; readonly id: string };
}

/** Puts on record what containers wanted and did not get. */
export interface RefusalLog {
  /** One line of the audit log; what is repeated within a minute, and what is too much for one, is only counted. */
  note(container: RefusedContainer, refusal: Refusal): void;
  /** It has ended: what was only counted is put on record. */
  close(container: RefusedContainer): void;
}

export interface RefusalLogParts {
  readonly audit: Pick<AuditLog, 'write'>;
  readonly clock: Clock;
  /** Takes out what looks like a secret. */
  readonly redact: (text: string) => Promise<{ readonly text: string }>;
  readonly onDefect: (thrown: unknown) => void;
}

const MINUTE_MS = 60_000;
/** Of one container: some 7 kB, and 360 kB an hour, of a log of which nothing is ever removed. */
const LINES_A_MINUTE = 10;
const LONGEST_SAID = 200;

interface Minute {
  readonly begun: number;
  readonly said: Set<string>;
  /** Since the last line. */
  uncounted: number;
}

export function createRefusalLog({ audit, clock, redact, onDefect }: RefusalLogParts): RefusalLog {
  const minutes = new Map<string, Minute>();

  function minuteOf(id: string): Minute {
    const now = clock.now();
    const last = minutes.get(id);
    if (last && now - last.begun < MINUTE_MS) return last;
    // Those of containers that ended before their last line came.
    for (const [other, { begun, uncounted }] of minutes)
      if (uncounted === 0 && now - begun >= MINUTE_MS) minutes.delete(other);
    const next = { begun: now, said: new Set<string>(), uncounted: last?.uncounted ?? 0 };
    minutes.set(id, next);
    return next;
  }

  async function write(container: RefusedContainer, refusal: Refusal, further: number): Promise<void> {
    const said = refusal.evidence === 'output' ? (await redact(refusal.line)).text : undefined;
    await audit.write([lineOf(container, refusal, { ...(said !== undefined && { said }), further })]);
  }

  return {
    note(container, refusal) {
      const minute = minuteOf(container.id);
      const key = JSON.stringify(refusal);
      if (minute.said.has(key) || minute.said.size >= LINES_A_MINUTE) {
        minute.uncounted++;
        return;
      }
      minute.said.add(key);
      const further = minute.uncounted;
      minute.uncounted = 0;
      write(container, refusal, further).catch(onDefect);
    },
    close(container) {
      const further = minutes.get(container.id)?.uncounted ?? 0;
      minutes.delete(container.id);
      if (further === 0) return;
      audit
        .write([{ ...aboutOf(container), ...FURTHER, detail: detailOf(container, { further }) }])
        .catch(onDefect);
    },
  };
}

const FURTHER = {
  kind: 'container.refused',
  rule: 'repeated',
  message: 'Before it ended the kernel refused it more than is on record one by one.',
} as const;

interface More {
  readonly said?: string;
  readonly further: number;
}

const lineOf = (container: RefusedContainer, { rule, evidence }: Refusal, more: More): AuditRecord => ({
  ...aboutOf(container),
  kind: 'container.refused',
  rule,
  message: MESSAGES[rule],
  detail: { ...detailOf(container, more), evidence },
});

/** As the lines of its way out are. */
function aboutOf({ purpose: { kind, id } }: RefusedContainer) {
  const tool = kind === 'shell' ? 'shell' : 'job';
  const conversationId = kind === 'shell' ? id : `job-${id}`;
  return { tool, conversationId, effectId: `${tool}/${id}` } satisfies Partial<AuditRecord>;
}

const detailOf = ({ id, purpose }: RefusedContainer, { said, further }: More) => ({
  container: id.slice(0, 12),
  mode: purpose.kind,
  ...(said !== undefined && { said: onOneLine(said) }),
  ...(further > 0 && { further }),
});

/** The end of it: programs say what they wanted first, and why not last. */
function onOneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length <= LONGEST_SAID ? line : `…${line.slice(-LONGEST_SAID).toWellFormed()}`;
}

const MESSAGES: Readonly<Record<RefusalRule, string>> = {
  'memory-limit': 'A process in it was ended: there was no more memory for it (sandbox.memory_mb).',
  'process-limit': 'It had as many processes as it may (sandbox.processes).',
  'disk-limit': 'It wrote more into its folder than it may (sandbox.workspace_growth_mb).',
  'no-space': 'A folder in it was full (sandbox.temporary_mb).',
  'not-permitted': 'The kernel did not permit what a program in it tried.',
  'read-only': 'A program in it tried to write where nothing may be written.',
  denied: 'A program in it tried to use a file outside of its folders.',
  'no-network': 'A program in it tried to reach the network past the way out.',
};
