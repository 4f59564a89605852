import { RotateCcw } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type {
  MemoryReadReply,
  MemoryVersionsReply,
  MemoryWriteReply,
} from '../../../../src/core/api/memory.ts';
import { api } from '../../api.ts';
import { count } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Badge, Button, Diff, Select, Time, toast, toastError } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';

interface VersionsProps {
  /** As it is now. */
  readonly document: MemoryReadReply;
  onRestore(): void;
}

/** Comparing longer ones would hold up the page for seconds. */
const LONGEST_COMPARED = 400_000;

type Versions = MemoryVersionsReply['versions'];

/** The versions that are kept of a document, what each changed, and the way back to them. */
export function Versions({ document, onRestore }: VersionsProps) {
  const { path } = document;
  const kept = useLoaded(path, (signal) =>
    api<MemoryVersionsReply>('/api/memory/versions', { query: { path }, signal }),
  );
  return (
    <Shown of={kept} lines={4}>
      {({ versions }) =>
        versions.some(({ version }) => version !== document.version) ? (
          <List document={document} versions={versions} onRestore={onRestore} />
        ) : (
          <p class="place-lead">{t('There is no other version. Each change keeps the one before it.')}</p>
        )
      }
    </Shown>
  );
}

function List({ document, versions, onRestore }: VersionsProps & { readonly versions: Versions }) {
  const [chosen, choose] = useState(document.version);
  return (
    <div class="memory-versions">
      <ul class="memory-version-list" aria-label={t('Versions')}>
        {versions.map(({ version, characters, changed_at }) => (
          <li key={version}>
            <button
              type="button"
              class="memory-version"
              aria-pressed={version === chosen}
              onClick={() => choose(version)}
            >
              <span class="spread">
                <strong>{t('Version {version}', { version })}</strong>
                {version === document.version && <Badge kind="good">{t('now')}</Badge>}
              </span>
              <span class="quiet small">
                <Time at={changed_at} /> · {t('{count} characters', { count: count(characters) })}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <Compared key={chosen} document={document} versions={versions} chosen={chosen} onRestore={onRestore} />
    </div>
  );
}

interface ComparedProps extends VersionsProps {
  readonly versions: Versions;
  readonly chosen: number;
}

/** What a version changed, or what going back to it would change. */
function Compared({ document, versions, chosen, onRestore }: ComparedProps) {
  const isNow = chosen === document.version;
  const earlier = versions.map(({ version }) => version).find((version) => version < chosen);
  const [against, setAgainst] = useState<'before' | 'now'>(isNow ? 'before' : 'now');
  const [isBusy, setBusy] = useState(false);
  const texts = useLoaded(`${document.path} ${chosen} ${earlier}`, async (signal) => {
    const [text, before] = await Promise.all([
      textOf(document, chosen, signal),
      earlier === undefined ? '' : textOf(document, earlier, signal),
    ]);
    return { text, before };
  });
  const restore = () => {
    setBusy(true);
    api<MemoryWriteReply>('/api/memory/restore', { body: { path: document.path, version: chosen } })
      .then(({ notes }) => {
        toast({ text: [t('Version {version} is back.', { version: chosen }), ...notes].join(' ') });
        onRestore();
      })
      .catch(toastError)
      .finally(() => setBusy(false));
  };
  return (
    <section class="stack grow" aria-label={t('Version {version}', { version: chosen })}>
      <div class="memory-version-bar">
        <Select
          label={t('Shown')}
          value={against}
          onChange={(value) => setAgainst(value === 'now' ? 'now' : 'before')}
          options={[
            { value: 'before', label: t('What it changed') },
            { value: 'now', label: t('Against how it is now'), disabled: isNow },
          ]}
        />
        {!isNow && (
          <Button icon={RotateCcw} busy={isBusy} onClick={restore}>
            {t('Back to this version')}
          </Button>
        )}
      </div>
      <Shown of={texts} lines={6}>
        {({ text, before }) => {
          const [from, to] = against === 'before' ? [before, text] : [document.content, text];
          if (from === to) return <p class="place-lead">{t('There is no difference.')}</p>;
          return from.length + to.length > LONGEST_COMPARED ? (
            <p class="place-lead">{t('The texts are too long to be compared here.')}</p>
          ) : (
            <Diff before={from} after={to} />
          );
        }}
      </Shown>
    </section>
  );
}

async function textOf(document: MemoryReadReply, version: number, signal: AbortSignal): Promise<string> {
  if (version === document.version) return document.content;
  const query = { path: document.path, version };
  const { content } = await api<MemoryReadReply>('/api/memory/read', { query, signal });
  return content;
}
