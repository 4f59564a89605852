import { Check, Copy } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n.ts';
import { IconButton } from './button.tsx';
import { toast } from './toast.tsx';

export interface CodeBlockProps {
  readonly code: string;
  /** As markdown names it; without one it is plain. */
  readonly language?: string | undefined;
}

/** Larger texts are shown without colours: finding them takes too long. */
const MAX_COLOURED = 20_000;

/** Code with a button that copies it. Colours come a moment later, when their code has been loaded. */
export function CodeBlock({ code, language }: CodeBlockProps) {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    const node = ref.current;
    if (!node) return;
    node.textContent = code;
    if (language === undefined || code.length > MAX_COLOURED) return;
    let gone = false;
    void import('./highlight.ts').then(({ highlight }) => {
      const colours = gone ? undefined : highlight(code, language);
      if (colours) node.replaceChildren(colours);
    });
    return () => {
      gone = true;
    };
  }, [code, language]);
  return (
    <div class="code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        <code ref={ref} />
      </pre>
      <CopyButton text={code} />
    </div>
  );
}

/** Whether it worked; says so where it did not. Browsers forbid it on addresses that are not secure. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    toast({ kind: 'bad', text: t('This browser does not let the page copy. Select the text instead.') });
    return false;
  }
}

export function CopyButton({ text, label = t('Copy') }: { readonly text: string; readonly label?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    if (!(await copyText(text))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  return <IconButton tiny icon={copied ? Check : Copy} label={copied ? t('Copied') : label} onClick={copy} />;
}
