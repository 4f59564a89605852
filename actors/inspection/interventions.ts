import type { Inspector, InspectRefusal } from '../../src/core/inspect.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { TreeNode } from '../../src/core/tree.ts';
import { OWNER } from '../../src/core/user.ts';
import type { ActorSystemHandle } from '../../src/runtime/index.ts';
import { readDeadLetter } from '../../src/storage/journal/index.ts';
import { createAccept } from '../accept.ts';
import { conversationOf } from '../conversation-key.ts';
import type { Environment } from '../environment.ts';
import type { LetterBox } from './letter-box.ts';
import { messagesOf } from './letters.ts';

interface Interventions {
  readonly env: Environment;
  readonly system: () => ActorSystemHandle;
  readonly letters: LetterBox;
}

type Outcome = Promise<Result<undefined, InspectRefusal>>;

/**
 * What the owner may do to the tree. Nothing of it can lose anything: a restart is what happens after any crash, and a
 * message that is sent again is taken by whoever would have taken it then. All of it is in the audit log.
 */
export function createInterventions({
  env,
  system,
  letters,
}: Interventions): Pick<Inspector, 'restart' | 'replayDeadLetter'> {
  const accept = createAccept(env);

  const audited = (kind: 'actor.restarted' | 'letter.replayed', actor: string, message: string) =>
    env.audit.write([{ kind, tool: '', user: OWNER, actor, message }]);

  async function restart(path: string): Outcome {
    const root = system().tree();
    const why = whyNot(path, find(root, path));
    if (why) return err(why);
    await audited('actor.restarted', path, 'Restarted on request.');
    return system().crash(path) ? ok(undefined) : err(gone(path));
  }

  async function resend(id: string): Outcome {
    const letter = letters.find(id);
    if (!letter) return err(noLetter(id));
    const { receiver, event, reason } = letter.report;
    if (reason === 'late-reply') return refused('It was an answer, and nobody waits for it any more.');
    const ref = system().find(receiver) ?? system().whereis(receiver);
    if (!ref) return refused(`There is nobody at ${receiver} to send it to.`);
    await audited('letter.replayed', receiver, `Sent again: ${event.type}.`);
    letters.remove(id);
    ref.send(event);
    return ok(undefined);
  }

  /** As a new message in its conversation, once. */
  async function sayAgain(id: string): Outcome {
    const letter = await readDeadLetter(env.database, Number(id.slice(1)));
    if (!letter) return err(noLetter(id));
    const texts = messagesOf(letter.event);
    if (texts.length === 0) return refused('It was no message of yours. Send your message again instead.');
    const { duplicate } = await accept({
      channel: 'web',
      externalId: `dead-letter/${letter.id}`,
      conversationId: conversationOf(letter.actorKey),
      input: { type: 'message', text: texts.join('\n') },
    });
    if (duplicate) return refused('It has been sent again before.');
    await audited('letter.replayed', letter.actorKey, `Sent again: ${letter.event.type}.`);
    return ok(undefined);
  }

  return { restart, replayDeadLetter: (id) => (/^p\d+$/.test(id) ? sayAgain(id) : resend(id)) };
}

/** What stands there holds everything else up: it comes back by itself where it fails, and not on request. */
const FOUNDATION = 'root/foundation';

function whyNot(path: string, node: TreeNode | undefined): InspectRefusal | undefined {
  if (!node) return gone(path);
  if (path.startsWith(FOUNDATION)) {
    return {
      kind: 'refused',
      message: 'Everything stands on the database. To restart it, stop the assistant and start it again.',
    };
  }
  if (node.kind === 'supervisor') {
    return {
      kind: 'refused',
      message: 'This is a supervisor: all below it would end. Restart what troubles you below it.',
    };
  }
  return undefined;
}

const gone = (path: string): InspectRefusal => ({
  kind: 'not-found',
  message: `There is no actor at ${path} any more.`,
});

const noLetter = (id: string): InspectRefusal => ({
  kind: 'not-found',
  message: `There is no dead letter ${id}. It may have been sent again, or pushed out by newer ones.`,
});

const refused = (message: string) => err({ kind: 'refused', message } as const);

function find(node: TreeNode, path: string): TreeNode | undefined {
  if (node.path === path) return node;
  const child = node.children.find((one) => path === one.path || path.startsWith(`${one.path}/`));
  return child && find(child, path);
}
