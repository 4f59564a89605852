import { Sparkles } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { SkillsReply } from '../../../../src/core/api/absent.ts';
import { api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { Page } from '../../shell/page.tsx';
import { Badge, EmptyState, TextInput } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';
import './skills.css';

/** What the assistant was taught to do. */
export default function SkillsPage() {
  const skills = useLoaded('skills', (signal) => api<SkillsReply>('/api/skills', { signal }));
  return (
    <Page title={t('Skills')}>
      <Shown of={skills} lines={6}>
        {({ skills, available, reason }) => {
          if (!available) return <NotYet reason={reason} />;
          return skills.length === 0 ? <Nothing /> : <Skills skills={skills} />;
        }}
      </Shown>
    </Page>
  );
}

function NotYet({ reason }: { readonly reason: string | null }) {
  return (
    <EmptyState
      icon={Sparkles}
      title={t('Skills are not available yet')}
      action={
        <a class="button" href="/memory?path=AGENTS.md">
          {t('Write standing instructions')}
        </a>
      }
    >
      <div class="stack">
        {reason !== null && <p>{reason}</p>}
        <p>
          {t(
            'Until then, how you want things done can stand in memory: AGENTS.md is read in every conversation.',
          )}
        </p>
      </div>
    </EmptyState>
  );
}

function Nothing() {
  return (
    <EmptyState icon={Sparkles} title={t('No skills yet')}>
      {t('A skill is a file SKILL.md that says how something is done, and when.')}
    </EmptyState>
  );
}

function Skills({ skills }: Pick<SkillsReply, 'skills'>) {
  const [words, setWords] = useState('');
  const wanted = words.trim().toLowerCase();
  const found = skills.filter(({ name, description, keywords }) =>
    `${name} ${description} ${keywords.join(' ')}`.toLowerCase().includes(wanted),
  );
  return (
    <div class="stack">
      <TextInput
        type="search"
        label={<span class="unseen">{t('Find a skill')}</span>}
        placeholder={t('Find a skill')}
        value={words}
        onInput={setWords}
      />
      {found.length === 0 && <p class="place-lead">{t('No skill fits.')}</p>}
      <ul class="skill-list">
        {found.map(({ name, description, version, trust, source, keywords }) => (
          <li key={name} class="skill-card">
            <h2 class="row">
              {name} <span class="quiet small">{version}</span>
              <Badge kind={trust === 'trusted' ? 'good' : 'warn'}>{trust}</Badge>
            </h2>
            <p>{description}</p>
            <p class="row small">
              <span class="quiet">{source}</span>
              {keywords.map((keyword) => (
                <Badge key={keyword}>{keyword}</Badge>
              ))}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}
