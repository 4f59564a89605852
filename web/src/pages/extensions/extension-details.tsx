import type { ExtensionReply } from '../../../../src/core/api/extensions.ts';
import { api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { Badge, CodeBlock } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { Shown } from '../shown.tsx';

/** What is known of a tool beyond its card. */
export function ExtensionDetails({ name }: { readonly name: string }) {
  const details = useLoaded(name, (signal) =>
    api<ExtensionReply>(`/api/extensions/${encodeURIComponent(name)}`, { signal }),
  );
  return (
    <Shown of={details} lines={4}>
      {({ secrets, notes, component, parameters }) => (
        <div class="stack">
          {secrets.map(({ name, is_set, optional, advice }) => (
            <p key={name} class="row">
              <code>{name}</code>
              <Badge kind={is_set ? 'good' : optional ? 'plain' : 'warn'}>
                {is_set ? t('set') : optional ? t('not set, not needed') : t('missing')}
              </Badge>
              {!is_set && <a href="/settings/secrets">{t('Set it')}</a>}
              {advice !== null && <span class="quiet small">{advice}</span>}
            </p>
          ))}
          {secrets.length === 0 && <p class="quiet small">{t('It uses no secrets.')}</p>}
          {notes.map((note) => (
            <p key={note} class="small">
              {note}
            </p>
          ))}
          {parameters !== null && <CodeBlock code={JSON.stringify(parameters, null, 2)} language="json" />}
          {component !== null && (
            <p class="quiet small extension-component">
              {t('Component:')} <code>{component}</code>
            </p>
          )}
        </div>
      )}
    </Shown>
  );
}
