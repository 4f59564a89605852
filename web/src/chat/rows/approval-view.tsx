import { useSignal } from '@preact/signals';
import { ShieldQuestion } from 'lucide-preact';
import type { ApprovalDecision } from '../../../../src/core/journal.ts';
import { visible } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Button, moment, toastError } from '../../ui/index.ts';
import { ArgumentList } from '../arguments.tsx';
import { decide, isClosed, tooLate } from '../conversation.ts';
import type { ApprovalRow } from '../row.ts';
import { Influence } from './influence.tsx';

/** What the assistant wants to do, whose words had a hand in it, and the user's answer. */
export function ApprovalView({ row }: { readonly row: ApprovalRow }) {
  const { question, decided } = row;
  const { tool, reason, origins = [], approvalId } = question;
  const late = tooLate.value.get(approvalId);
  return (
    <section
      class={`approval ${decided ? 'over' : 'open'} ${origins.length > 0 ? 'influenced' : ''}`}
      aria-label={t('{tool} asks for your approval', { tool })}
    >
      <header>
        <ShieldQuestion size={18} aria-hidden="true" />
        <p>
          <b>{visible(tool)}</b> {t('asks for your approval')}
        </p>
      </header>
      <p class="approval-reason">{visible(reason)}</p>
      {origins.length > 0 && (
        <Influence text={t('Words from outside had a hand in this')} origins={origins} />
      )}
      <ArgumentList tool={tool} values={question.arguments} />
      {decided ? <p class="settled">{verdictOf(row)}</p> : <Choices row={row} />}
      {late !== undefined && <p class="notice">{late}</p>}
    </section>
  );
}

const VERDICTS: Readonly<Record<ApprovalDecision, string>> = {
  once: 'Allowed once',
  conversation: 'Allowed for this conversation',
  always: 'Always allowed',
  deny: 'Denied',
};

/** What became of a question, and when. */
function verdictOf({ decided, decidedAt }: ApprovalRow): string {
  if (decided === 'late' || !decided) return t('No longer needed: the turn ended');
  const verdict = [t(VERDICTS[decided.decision]), decided.reason].filter(Boolean).join(': ');
  return decidedAt === undefined ? verdict : `${verdict} · ${moment(decidedAt)}`;
}

function Choices({ row: { question } }: { readonly row: ApprovalRow }) {
  const reason = useSignal('');
  const isSent = useSignal(false);
  const answer = async (decision: ApprovalDecision) => {
    isSent.value = true;
    try {
      await decide(question.approvalId, decision, reason.value.trim());
    } catch (error) {
      isSent.value = false;
      toastError(isClosed(error) ? new Error(t('Not connected. Answer again in a moment.')) : error);
    }
  };
  const { scope, allowAlways, origins = [] } = question;
  const canLast = allowAlways && scope !== undefined;
  return (
    <footer>
      <div class="approval-choices">
        {/* What others had a hand in is not the answer to fall for. */}
        <Button
          variant={origins.length > 0 ? 'plain' : 'primary'}
          disabled={isSent.value}
          onClick={() => answer('once')}
        >
          {t('Allow once')}
        </Button>
        {canLast && (
          <Button disabled={isSent.value} onClick={() => answer('conversation')}>
            {t('For this conversation: {scope}', { scope: visible(scope) })}
          </Button>
        )}
        {canLast && (
          <Button disabled={isSent.value} onClick={() => answer('always')}>
            {t('Always: {scope}', { scope: visible(scope) })}
          </Button>
        )}
      </div>
      <div class="approval-denial">
        <input
          class="input"
          aria-label={t('Reason')}
          placeholder={t('If you deny: what to do instead')}
          value={reason.value}
          onInput={({ currentTarget }) => {
            reason.value = currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && reason.value.trim() !== '') void answer('deny');
          }}
        />
        <Button variant="danger" disabled={isSent.value} onClick={() => answer('deny')}>
          {t('Deny')}
        </Button>
      </div>
    </footer>
  );
}
