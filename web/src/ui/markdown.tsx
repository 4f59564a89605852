import DOMPurify from 'dompurify';
import { Marked, type Token, type TokensList } from 'marked';
import { render } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n.ts';
import { CodeBlock } from './code-block.tsx';
import { secureImages, secureLinks } from './markdown-links.ts';

const marked = new Marked({
  gfm: true,
  // A line break that was written is one that was meant.
  breaks: true,
  renderer: {
    /** Markup in a text is shown as it was written. */
    html: ({ text }) => escaped(text),
  },
});

/**
 * Text of models, tools and documents as it is meant to look. No markup of it is ever taken as markup, links show
 * where they really lead, and nothing is loaded from elsewhere. While a text grows only its last block is drawn anew.
 */
export function Markdown({ text }: { readonly text: string }) {
  const tokens = marked.lexer(text);
  const blocks = Object.keys(tokens.links).length > 0 ? [text] : rawBlocks(tokens);
  return (
    <div class="markdown">
      {blocks.map((raw, at) => (
        <Block key={at} raw={raw} />
      ))}
    </div>
  );
}

const rawBlocks = (tokens: TokensList): string[] =>
  tokens.filter((token: Token) => token.type !== 'space').map(({ raw }) => raw);

function Block({ raw }: { readonly raw: string }) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const node = ref.current;
    if (!node) return;
    const content = contentOf(raw);
    node.replaceChildren(content);
    const undo = drawCode(node);
    return undo;
  }, [raw]);
  return <div class="block" dir="auto" ref={ref} />;
}

/** Of the schemes only these; whatever has none, too: attributes that are no addresses are held to it as well. */
const SAFE_ADDRESS =
  /^(?:(?:https?|mailto):|data:image\/(?:png|jpeg|gif|webp);|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i;

const cleaned = (html: string): DocumentFragment =>
  DOMPurify.sanitize(html, {
    RETURN_DOM_FRAGMENT: true,
    USE_PROFILES: { html: true },
    FORBID_TAGS: ['style', 'form', 'button', 'textarea', 'select', 'video', 'audio', 'source', 'iframe'],
    FORBID_ATTR: ['style', 'id', 'name', 'srcset', 'background', 'ping'],
    ALLOWED_URI_REGEXP: SAFE_ADDRESS,
  });

/** Blocks that were drawn before are drawn again when they are scrolled back to. */
const KEPT_BLOCKS = 400;
const kept = new Map<string, DocumentFragment>();

function contentOf(raw: string): Node {
  const known = kept.get(raw);
  if (known) return known.cloneNode(true);
  const content = cleaned(marked.parse(raw, { async: false }));
  secureLinks(content);
  secureImages(content);
  frameTables(content);
  nameBoxes(content);
  const oldest = kept.size < KEPT_BLOCKS ? undefined : kept.keys().next().value;
  if (oldest !== undefined) kept.delete(oldest);
  kept.set(raw, content);
  return content.cloneNode(true);
}

/** The boxes of a task list say what they are. */
function nameBoxes(content: DocumentFragment): void {
  for (const box of content.querySelectorAll('input'))
    box.setAttribute('aria-label', box.checked ? t('done') : t('not done'));
}

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** A wide table scrolls by itself, not with the page. */
function frameTables(content: DocumentFragment): void {
  for (const table of content.querySelectorAll('table')) {
    const frame = document.createElement('div');
    frame.className = 'scroll';
    frame.tabIndex = 0;
    table.replaceWith(frame);
    frame.append(table);
  }
}

function drawCode(node: HTMLElement): () => void {
  const places: HTMLElement[] = [];
  for (const pre of node.querySelectorAll('pre')) {
    const code = pre.querySelector('code');
    const language = /language-([\w+#.-]+)/.exec(code?.className ?? '')?.[1];
    const place = document.createElement('div');
    pre.replaceWith(place);
    render(<CodeBlock code={(pre.textContent ?? '').replace(/\n$/, '')} language={language} />, place);
    places.push(place);
  }
  return () => {
    for (const place of places) render(null, place);
  };
}
