/**
 * Tools that a list asks for, by name: a line `tools: memory_search, web_fetch` in it, outside of comments. Most lists
 * ask for none.
 */
export function wantedTools(list: string): readonly string[] {
  const text = list.replace(/<!--[\s\S]*?(?:-->|$)/g, '');
  const names = [...text.matchAll(/^\s*(?:[-*]\s+)?tools:\s*(.+)$/gim)].flatMap(
    ([, line = '']) => line.match(/[\w-]+/g) ?? [],
  );
  return [...new Set(names)];
}
