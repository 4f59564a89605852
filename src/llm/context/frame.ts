/**
 * Marks text as data: `<memory path="…">` … `</memory>`. Text inside that would open or close such a block is defused
 * with a zero-width space, so that it cannot step out of it.
 */
export function frame(tag: string, attributes: Readonly<Record<string, string>>, text: string): string {
  const named = Object.entries(attributes).map(([name, value]) => ` ${name}="${attribute(value)}"`);
  const body = text.replace(new RegExp(`<(?=[\\s/]{0,8}${tag})`, 'gi'), '<\u200b');
  return `<${tag}${named.join('')}>\n${body}\n</${tag}>`;
}

const attribute = (value: string): string => value.replace(/["<>\p{Cc}]/gu, '_');
