import { t } from '../../i18n.ts';
import { Button, Select, TextArea, TextInput } from '../../ui/index.ts';
import type { Draft } from './draft.ts';
import type { DraftProps } from './routine-form.tsx';
import { ScheduleFacts } from './schedule-facts.tsx';

const KINDS: readonly (readonly [Draft['kind'], string])[] = [
  ['cron', 'at times'],
  ['event', 'when I write something'],
  ['system_event', 'when something happens'],
  ['webhook', 'when its webhook is called'],
  ['manual', 'when I say so'],
];

export function TriggerFields({ draft, onChange }: DraftProps) {
  return (
    <>
      <Select
        label={t('When')}
        value={draft.kind}
        options={KINDS.map(([value, label]) => ({ value, label: t(label) }))}
        onChange={(chosen) => onChange({ kind: KINDS.find(([kind]) => kind === chosen)?.[0] ?? 'manual' })}
      />
      <FieldsOfKind draft={draft} onChange={onChange} />
    </>
  );
}

function FieldsOfKind({ draft, onChange }: DraftProps) {
  switch (draft.kind) {
    case 'cron':
      return <ScheduleFields draft={draft} onChange={onChange} />;
    case 'event':
      return <MessageFields draft={draft} onChange={onChange} />;
    case 'system_event':
      return <EventFields draft={draft} onChange={onChange} />;
    case 'webhook':
      return <WebhookFields draft={draft} onChange={onChange} />;
    case 'manual':
      return null;
  }
}

const EXAMPLES: readonly (readonly [string, string])[] = [
  ['0 9 * * *', 'every day at 9'],
  ['0 8 * * 1-5', 'weekdays at 8'],
  ['0 18 * * 5', 'Fridays at 18'],
  ['0 * * * *', 'every hour'],
  ['0 9 1 * *', 'the 1st of the month'],
];

function ScheduleFields({ draft, onChange }: DraftProps) {
  return (
    <>
      <div class="routine-pair">
        <TextInput
          label={t('Schedule')}
          hint={t('Minute, hour, day, month, day of the week.')}
          class="mono"
          spellcheck={false}
          value={draft.schedule}
          onInput={(schedule) => onChange({ schedule })}
        />
        <TextInput
          label={t('Time zone')}
          spellcheck={false}
          value={draft.timezone}
          placeholder={t('yours')}
          onInput={(timezone) => onChange({ timezone })}
        />
      </div>
      <fieldset class="row routine-examples">
        <legend class="unseen">{t('Examples')}</legend>
        {EXAMPLES.map(([schedule, label]) => (
          <Button key={schedule} tiny variant="ghost" onClick={() => onChange({ schedule })}>
            {t(label)}
          </Button>
        ))}
      </fieldset>
      <ScheduleFacts schedule={draft.schedule} timezone={draft.timezone} />
    </>
  );
}

function MessageFields({ draft, onChange }: DraftProps) {
  return (
    <div class="routine-pair">
      <TextInput
        label={t('Pattern')}
        hint={t('A regular expression (RE2) that a message of yours fits.')}
        class="mono"
        spellcheck={false}
        value={draft.pattern}
        onInput={(pattern) => onChange({ pattern })}
      />
      <TextInput
        label={t('Channel')}
        placeholder={t('any')}
        value={draft.channel}
        onInput={(channel) => onChange({ channel })}
      />
    </div>
  );
}

function EventFields({ draft, onChange }: DraftProps) {
  return (
    <>
      <div class="routine-pair">
        <TextInput
          label={t('Source')}
          hint={t('“ironbark” for the assistant itself.')}
          value={draft.source}
          onInput={(source) => onChange({ source })}
        />
        <TextInput
          label={t('Event')}
          hint={t('For example job.failed.')}
          value={draft.eventType}
          onInput={(eventType) => onChange({ eventType })}
        />
      </div>
      <TextArea
        label={t('Only where')}
        hint={t('A line each: name=value.')}
        rows={2}
        value={draft.filters}
        onInput={(filters) => onChange({ filters })}
      />
    </>
  );
}

function WebhookFields({ draft, onChange }: DraftProps) {
  return (
    <>
      <div class="routine-pair">
        <TextInput
          label={t('Path')}
          hint={`${location.origin}/api/webhooks/${draft.path === '' ? '…' : draft.path}`}
          spellcheck={false}
          value={draft.path}
          onInput={(path) => onChange({ path })}
        />
        <TextInput
          label={t('Secret')}
          hint={t('Its name under Settings, Secrets. At least 16 characters.')}
          spellcheck={false}
          value={draft.secret}
          onInput={(secret) => onChange({ secret })}
        />
      </div>
      <Select
        label={t('Proof')}
        value={draft.proof}
        options={[
          { value: 'secret', label: t('the secret in the header X-Webhook-Secret') },
          { value: 'hmac', label: t('a signature over time and body') },
        ]}
        onChange={(proof) => onChange({ proof: proof === 'hmac' ? proof : 'secret' })}
      />
    </>
  );
}
