import { signal } from '@preact/signals';
import { t } from '../i18n.ts';
import { keyLabels, type Shortcut, shortcuts } from '../keys.ts';
import { Dialog } from '../ui/index.ts';

export const isSheetOpen = signal(false);

/** Every key that does something here (`?`). */
export function ShortcutSheet() {
  const groups = Map.groupBy(shortcuts.value, ({ group }) => group ?? t('Everywhere'));
  return (
    <Dialog
      title={t('Keyboard shortcuts')}
      open={isSheetOpen.value}
      onClose={() => {
        isSheetOpen.value = false;
      }}
    >
      <div class="shortcuts">
        {[...groups].map(([group, keys]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {keys.map((shortcut) => (
                <ShortcutRow key={shortcut.keys + shortcut.about} shortcut={shortcut} />
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function ShortcutRow({ shortcut }: { readonly shortcut: Shortcut }) {
  return (
    <div class="spread">
      <dt>{shortcut.about}</dt>
      <dd>
        {keyLabels(shortcut.keys).map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dd>
    </div>
  );
}
