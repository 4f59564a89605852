/** What a component imports and exports, by name: `near:agent/host@0.4.1`, or a bare name for a single function. */
export interface Interfaces {
  readonly imports: readonly string[];
  readonly exports: readonly string[];
}

const ITEM = /^(import|export) ([^\s;{]+?)(?:;|:? .*)$/;

/**
 * Reads them from the text that `componentWit` prints: one item a line inside the world's braces. Names in it have
 * passed the component validator, which allows no spaces or line breaks; lines of documentation start with slashes.
 */
export function readInterfaces(wit: string): Interfaces {
  const items = { import: new Set<string>(), export: new Set<string>() };
  let depth = 0;
  for (const line of wit.split('\n').map((raw) => raw.trim())) {
    if (line.startsWith('//')) continue;
    const [, kind, name] = (depth === 1 && ITEM.exec(line)) || [];
    if (name !== undefined && (kind === 'import' || kind === 'export')) items[kind].add(name);
    depth += count(line, '{') - count(line, '}');
  }
  return { imports: [...items.import].sort(), exports: [...items.export].sort() };
}

const count = (text: string, character: string): number => text.split(character).length - 1;
