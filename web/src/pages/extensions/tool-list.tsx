import { useState } from 'preact/hooks';
import type { ToolEntry, ToolsReply } from '../../../../src/core/api/extensions.ts';
import { api } from '../../api.ts';
import { t } from '../../i18n.ts';
import { Badge, CodeBlock, TextInput } from '../../ui/index.ts';
import { useLoaded } from '../loaded.ts';
import { powerName } from '../power-name.ts';
import { Shown } from '../shown.tsx';

/** Every tool that the assistant can call. */
export function ToolList() {
  const tools = useLoaded('tools', (signal) => api<ToolsReply>('/api/tools', { signal }));
  const [words, setWords] = useState('');
  const wanted = words.trim().toLowerCase();
  return (
    <div class="stack">
      <div class="spread known-tools-bar">
        <TextInput
          type="search"
          label={<span class="unseen">{t('Find a tool')}</span>}
          placeholder={t('Find a tool')}
          value={words}
          onInput={setWords}
        />
        <a href="/settings/permissions">{t('Permissions')}</a>
      </div>
      <Shown of={tools} lines={10}>
        {({ tools: all }) => {
          const found = all.filter(({ name, description }) =>
            `${name} ${description}`.toLowerCase().includes(wanted),
          );
          if (found.length === 0) return <p class="place-lead">{t('No tool fits.')}</p>;
          return (
            <ul class="known-tools">
              {found.map((tool) => (
                <li key={tool.name}>
                  <Tool tool={tool} />
                </li>
              ))}
            </ul>
          );
        }}
      </Shown>
    </div>
  );
}

function Tool({
  tool: { name, description, source, powers, approval, parameters, version },
}: {
  readonly tool: ToolEntry;
}) {
  const [isOpen, open] = useState(false);
  return (
    <details class="known-tool" onToggle={({ currentTarget }) => open(currentTarget.open)}>
      <summary>
        <span class="row">
          <strong class="mono">{name}</strong>
          {source === 'extension' && (
            <Badge kind="info">
              {version === null ? t('from an extension') : t('extension {version}', { version })}
            </Badge>
          )}
          {powers.map((power) => (
            <Badge key={power}>{powerName(power)}</Badge>
          ))}
        </span>
        <span class="quiet small known-tool-line">{description}</span>
      </summary>
      {isOpen && (
        <div class="stack known-tool-more">
          <p>{description}</p>
          <p class="quiet small">{approvalText(approval)}</p>
          <CodeBlock code={JSON.stringify(parameters, null, 2)} language="json" />
        </div>
      )}
    </details>
  );
}

function approvalText(approval: ToolEntry['approval']): string {
  if (approval === 'never')
    return t('It does not ask by itself; words from outside make it ask where it could do harm.');
  if (approval === 'always') return t('It asks each time, whatever was granted.');
  return t('It asks, unless that was granted.');
}
