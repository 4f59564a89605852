import type { AuditVerdict } from '../../core/audit.ts';
import { coerceError, IronbarkError } from '../../core/errors.ts';
import type { ModelState, ModelsStatus } from '../../core/models.ts';
import type { TreeNode } from '../../core/tree.ts';
import type { Client } from '../../repl/index.ts';
import type { Context, Running } from '../context.ts';
import { type Finding, failure, warning, well } from './finding.ts';
import { lookAtRoutines } from './look-at-routines.ts';

/** What the running assistant says of itself. Without one there is nothing to be said, and nothing wrong. */
export async function lookAtRunning(
  home: string,
  { access, version }: Pick<Context, 'access' | 'version'>,
): Promise<readonly Finding[]> {
  try {
    const running = await access.findRunning(home);
    if (running === undefined) return [well('assistant', 'None runs.')];
    const client = await access.connect(home, running.url);
    try {
      const api = await access.api(home, running.url);
      return [lookAtVersion(running, version), ...(await lookInside(client)), await lookAtRoutines(api)];
    } finally {
      await client.close();
    }
  } catch (thrown) {
    const error = coerceError(thrown);
    return [failure('assistant', error.message, error instanceof IronbarkError ? error.hint : undefined)];
  }
}

function lookAtVersion({ url, pid, version }: Running, own: string): Finding {
  const text = `Ironbark ${version} runs at ${url} (process ${pid}).`;
  if (version === own) return well('assistant', text);
  return warning('assistant', text, `This is ${own}: stop and start it for the new version.`);
}

/** Costs it one check of its whole audit log, which is linear in its lines. */
async function lookInside(client: Client): Promise<readonly Finding[]> {
  const [models, tree, audit, approvals] = await Promise.all([
    client.models.status(),
    client.tree(),
    client.verifyAudit(),
    client.approvals(),
  ]);
  return [
    ...lookAtModels(models),
    lookAtTree(tree),
    lookAtAudit(audit),
    approvals.length === 0
      ? well('approvals', 'None waits.')
      : warning('approvals', `${approvals.length} wait for you.`, 'See: ironbark approvals'),
  ];
}

const HOW_TO_SET_UP = 'Store a key, for example with: ironbark secrets set OPENAI_API_KEY';

function lookAtModels({ main }: ModelsStatus): readonly Finding[] {
  const asked = main.filter(({ reference }) => reference !== 'offline');
  if (asked.length === 0) return [warning('language model', 'None is set up.', HOW_TO_SET_UP)];
  return asked.map(lookAtModel);
}

function lookAtModel({ reference, state, lastFailure }: ModelState): Finding {
  if (state === 'closed' || state === 'unused') return well('language model', reference);
  const why = lastFailure === null ? '' : `: ${lastFailure}`;
  return failure(
    'language model',
    `${reference} fails${why}`,
    `Try it with: ironbark models test ${reference}`,
  );
}

function lookAtTree(root: TreeNode): Finding {
  const nodes = nodesOf(root);
  const restarts = nodes.filter(({ restarts }) => restarts > 0);
  const worst = restarts.toSorted((one, other) => other.restarts - one.restarts)[0];
  if (worst === undefined) return well('actors', `none of ${nodes.length} was ever restarted.`);
  const text = `${restarts.length} of ${nodes.length} actors were restarted; ${worst.path} ${worst.restarts} times.`;
  return warning('actors', worst.lastExit === undefined ? text : `${text} Last: ${worst.lastExit}`);
}

function nodesOf(node: TreeNode): readonly TreeNode[] {
  return [node, ...node.children.flatMap(nodesOf)];
}

function lookAtAudit({ ok, lines, fault }: AuditVerdict): Finding {
  if (ok) return well('audit log', `${lines} lines, none changed.`);
  const where = fault === null ? 'It is not as it was written.' : `Line ${fault.id}: ${fault.message}`;
  return failure('audit log', where, 'See: ironbark audit verify');
}
