import type { ReadTool } from '../../../sandbox/index.ts';
import { type RequestedItem, requestedItems } from '../../extensions/index.ts';

/** A tool in words for a person: what it is, what it takes, and what it wants to be allowed. */
export function toolText(tool: ReadTool, approved?: ReadonlySet<string>): string {
  const { artefact, manifest, notes } = tool;
  const items = requestedItems(manifest.capabilities);
  return [
    `${tool.name}${manifest.version ? ` ${manifest.version}` : ''}: ${tool.tool.description}`,
    '',
    `component  ${artefact.componentHash}`,
    `interface  near:agent ${artefact.world}`,
    `imports    ${importsText(artefact.imports)}`,
    `arguments  ${JSON.stringify(tool.tool.parameters, undefined, 2).replaceAll('\n', '\n           ')}`,
    '',
    ...wishes(items, approved),
    ...notes.map((note) => `note: ${note}`),
  ].join('\n');
}

/** Every component made by a usual toolchain imports much of WASI; none of it opens anything here. */
function importsText(imports: readonly string[]): string {
  const own = imports.filter((name) => !name.startsWith('wasi:'));
  const others = imports.length - own.length;
  return [...own, ...(others > 0 ? [`${others} of WASI`] : [])].join(', ') || 'nothing';
}

function wishes(
  items: readonly RequestedItem[],
  approved: ReadonlySet<string> | undefined,
): readonly string[] {
  if (items.length === 0) return ['It asks for nothing: it can compute, and no more.'];
  const mark = ({ id }: RequestedItem): string => {
    if (approved === undefined) return '-';
    return approved.has(id) ? '[approved]' : '[not approved]';
  };
  return ['It asks to be allowed to', ...items.map((item) => `  ${mark(item)} ${item.words}`)];
}

/** The same for a program. */
export function toolValue(tool: ReadTool, approved: ReadonlySet<string> = new Set()) {
  const { artefact, manifest, notes } = tool;
  return {
    name: tool.name,
    version: manifest.version ?? null,
    description: tool.tool.description,
    component: artefact.componentHash,
    world: artefact.world,
    imports: artefact.imports,
    schema: tool.tool.parameters,
    capabilities: requestedItems(manifest.capabilities).map(({ id, words }) => ({
      id,
      words,
      approved: approved.has(id),
    })),
    notes,
  };
}
