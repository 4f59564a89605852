import { useState } from 'preact/hooks';
import type { ProfileBody, ProfileReply } from '../../../../src/core/api/profile.ts';
import { ApiError, api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { Button, TextInput, toast } from '../../ui/index.ts';
import { asError, useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';

/** What the assistant knows of its user. */
export function ProfileSection() {
  const profile = useLoaded('profile', (signal) => api<ProfileReply>('/api/profile', { signal }));
  return (
    <Shown of={profile} lines={6}>
      {(now) => <ProfileForm key={JSON.stringify(now)} now={now} onSaved={profile.take} />}
    </Shown>
  );
}

interface ProfileFormProps {
  readonly now: ProfileReply;
  onSaved(profile: ProfileReply): void;
}

type Fields = Readonly<Record<'name' | 'timezone' | 'locale', string>>;

function ProfileForm({ now, onSaved }: ProfileFormProps) {
  const before: Fields = { name: now.name ?? '', timezone: now.timezone, locale: now.locale ?? '' };
  const [fields, setFields] = useState(before);
  const [error, setError] = useState<Error>();
  const [isBusy, setBusy] = useState(false);
  const errorOf = (name: keyof Fields): string | undefined =>
    error instanceof ApiError && error.field === name ? error.message : undefined;
  const isUnplaced = error !== undefined && !(error instanceof ApiError && (error.field ?? '') in fields);
  const set = (name: keyof Fields) => (value: string) => setFields({ ...fields, [name]: value });
  const save = () => {
    setBusy(true);
    setError(undefined);
    api<ProfileReply>('/api/profile', { method: 'PUT', body: changed(before, fields) })
      .then((saved) => {
        toast({ text: t('Saved.') });
        onSaved(saved);
      })
      .catch((thrown: unknown) => setError(asError(thrown)))
      .finally(() => setBusy(false));
  };
  return (
    <form
      class="stack settings-narrow"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <TextInput
        label={t('Your name')}
        hint={now.fixed.name ?? t('What the assistant calls you.')}
        disabled={now.fixed.name !== undefined}
        error={errorOf('name')}
        value={fields.name}
        onInput={set('name')}
      />
      <TextInput
        label={t('Time zone')}
        hint={now.fixed.timezone ?? t('In which you are told times, and in which a day begins.')}
        disabled={now.fixed.timezone !== undefined}
        error={errorOf('timezone')}
        value={fields.timezone}
        list="time-zones"
        onInput={set('timezone')}
      />
      <datalist id="time-zones">
        {Intl.supportedValuesOf('timeZone').map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <TextInput
        label={t('Language and region')}
        hint={now.fixed.locale ?? t('For example de-CH. Empty: as the browser says.')}
        disabled={now.fixed.locale !== undefined}
        error={errorOf('locale')}
        value={fields.locale}
        spellcheck={false}
        onInput={set('locale')}
      />
      {isUnplaced && (
        <p class="problem" role="alert">
          {error.message}
        </p>
      )}
      <div>
        <Button
          type="submit"
          variant="primary"
          busy={isBusy}
          disabled={Object.keys(changed(before, fields)).length === 0}
        >
          {t('Save')}
        </Button>
      </div>
    </form>
  );
}

/** What is another now; nothing in a field means that nothing is said. */
function changed(before: Fields, after: Fields): ProfileBody {
  const value = (name: keyof Fields) => (after[name].trim() === '' ? null : after[name].trim());
  return {
    ...(before.name !== after.name && { name: value('name') }),
    ...(before.timezone !== after.timezone && { timezone: value('timezone') }),
    ...(before.locale !== after.locale && { locale: value('locale') }),
  };
}
