import { visible } from '../../format.ts';

/** A path whose last part stands out, its folders above it. */
export function DocumentName({ path }: { readonly path: string }) {
  const at = path.lastIndexOf('/') + 1;
  return (
    <h2 class="memory-document-name grow">
      {at > 0 && <span class="quiet small">{visible(path.slice(0, at)).replaceAll('/', ' / ')}</span>}
      {visible(path.slice(at))}
    </h2>
  );
}
