import { coerceError } from '../../core/errors.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { IgnoreStart } from '../process/exit.ts';
import { isDeaf } from '../xstate/index.ts';
import { InvalidSpec } from './check-specs.ts';
import { type Child, isLive, isRestarting, type Started, whenStarted, whenStopped } from './child.ts';
import type { ResolvedChildSpec } from './child-spec.ts';
import type { Roster } from './roster.ts';
import type { NotStopped, Reply, StartResult, SupervisorCall } from './supervisor-call.ts';
import type { SupervisorFlags } from './supervisor-flags.ts';

/** What a supervisor can do when it is called. */
export interface Supervising {
  readonly roster: Roster;
  flags(): SupervisorFlags;
  /** What its flags would be if it started now. Throws or ignores as its `init` does. */
  init(): SupervisorFlags;
  isEnding(): boolean;
  adopt(spec: ResolvedChildSpec, start: Child['start']): Child;
  enqueue(child: Child, start: Child['start']): void;
  condemn(child: Child): void;
  cancel(child: Child): void;
  configure(flags: SupervisorFlags): void;
  /** Makes the call once more, later. */
  again(call: SupervisorCall): void;
}

export interface Calls {
  handle(call: SupervisorCall): void;
}

type CallOf<T extends SupervisorCall['ask']> = Extract<SupervisorCall, { ask: T }>;

/** Answers calls to a supervisor, with the results of OTP's supervisor API. */
export function createCalls(supervising: Supervising): Calls {
  return new CallHandler(supervising);
}

class CallHandler implements Calls {
  readonly #supervising: Supervising;

  constructor(supervising: Supervising) {
    this.#supervising = supervising;
  }

  handle(call: SupervisorCall): void {
    if (this.#supervising.isEnding()) {
      call.reply(err({ kind: 'noproc' }));
      return;
    }
    switch (call.ask) {
      case 'startChild':
        this.#startChild(call);
        break;
      case 'startInstance':
        this.#startInstance(call);
        break;
      case 'restartChild':
        this.#restartChild(call);
        break;
      case 'terminateChild':
        this.#terminateChild(call);
        break;
      case 'terminateInstance':
        this.#terminateInstance(call);
        break;
      case 'deleteChild':
        this.#deleteChild(call);
        break;
      case 'reconfigure':
        this.#reconfigure(call);
        break;
    }
  }

  #startChild(call: CallOf<'startChild'>): void {
    const { spec, reply } = call;
    const present = this.#supervising.roster.get(spec.id);
    if (this.#isSimple()) reply(err({ kind: 'simple-one-for-one' }));
    else if (present) this.#startPresent(present, call);
    else this.#start(this.#supervising.adopt(spec, 'called'), 'called', reply);
  }

  /** Answers once the child of that id is either up or down, never in between. */
  #startPresent(child: Child, call: CallOf<'startChild' | 'startInstance'>): void {
    const { reply } = call;
    if (child.state === 'stopping') whenStopped(child, () => this.#supervising.again(call));
    else if (child.state === 'running' && child.ref) reply(alreadyStarted(child.ref));
    else if (child.state === 'stopped' || isRestarting(child)) reply(err({ kind: 'already-present' }));
    else whenStarted(child, (started) => reply(asPresent(started)));
  }

  #startInstance(call: CallOf<'startInstance'>): void {
    const { input, as, reply } = call;
    const [template] = this.#supervising.flags().children;
    if (!this.#isSimple() || !template) {
      reply(err({ kind: 'not-simple-one-for-one' }));
      return;
    }
    const present = as.id === undefined ? undefined : this.#supervising.roster.get(as.id);
    if (present) this.#startPresent(present, call);
    else {
      const spec = this.#supervising.roster.instantiate(template, input, as);
      this.#start(this.#supervising.adopt(spec, 'called'), 'called', reply);
    }
  }

  #restartChild({ id, reply }: CallOf<'restartChild'>): void {
    const child = this.#stoppedChild(id);
    if (child.ok) this.#start(child.value, 'recalled', reply);
    else reply(child);
  }

  #start(child: Child, start: Child['start'], reply: Reply<Started>): void {
    whenStarted(child, reply);
    this.#supervising.enqueue(child, start);
  }

  #terminateChild({ id, reply }: CallOf<'terminateChild'>): void {
    const child = this.#supervising.roster.get(id);
    if (this.#isSimple()) reply(err({ kind: 'simple-one-for-one' }));
    else if (child) this.#terminate(child, () => reply(ok(undefined)));
    else reply(err({ kind: 'not-found' }));
  }

  /** A reference whose actor is dead counts as stopped, whoever it belonged to. */
  #terminateInstance({ ref, reply }: CallOf<'terminateInstance'>): void {
    const child = this.#supervising.roster.instance(ref);
    if (!this.#isSimple()) reply(err({ kind: 'not-simple-one-for-one' }));
    else if (child) this.#terminate(child, () => reply(ok(undefined)));
    else reply(isDeaf(ref) ? ok(undefined) : err({ kind: 'not-found' }));
  }

  #terminate(child: Child, stopped: () => void): void {
    whenStopped(child, stopped);
    if (isLive(child)) this.#supervising.condemn(child);
    else this.#supervising.cancel(child);
  }

  #deleteChild({ id, reply }: CallOf<'deleteChild'>): void {
    const child = this.#stoppedChild(id);
    if (child.ok) this.#supervising.roster.remove(child.value);
    reply(child.ok ? ok(undefined) : child);
  }

  #stoppedChild(id: string): Result<Child, NotStopped> {
    const child = this.#supervising.roster.get(id);
    if (this.#isSimple()) return err({ kind: 'simple-one-for-one' });
    if (!child) return err({ kind: 'not-found' });
    if (child.state === 'stopped') return ok(child);
    return err({ kind: isLive(child) ? 'running' : 'restarting' });
  }

  /**
   * OTP's code change: known children take their new specification and keep running; new ones are known but not
   * started; those that are not named any more stay as they are.
   */
  #reconfigure({ flags, reply }: CallOf<'reconfigure'>): void {
    try {
      this.#adapt(flags ?? this.#supervising.init());
      reply(ok(undefined));
    } catch (thrown) {
      const ignored = thrown instanceof IgnoreStart;
      reply(ignored ? ok(undefined) : err({ kind: 'invalid-spec', reason: coerceError(thrown) }));
    }
  }

  #adapt(next: SupervisorFlags): void {
    if ((next.strategy === 'simple_one_for_one') !== this.#isSimple()) {
      const kept = 'simple_one_for_one exactly where it was before';
      throw new InvalidSpec('supervisor', 'strategy', next.strategy, kept);
    }
    this.#supervising.configure(next);
    if (this.#isSimple()) this.#adaptInstances(next);
    else this.#adaptChildren(next);
  }

  #adaptInstances({ children: [template] }: SupervisorFlags): void {
    if (!template) return;
    for (const child of this.#supervising.roster) {
      const { id, name, input } = child.spec;
      child.spec = { ...template, id, name, input };
      this.#noteSignificance(child);
    }
  }

  #adaptChildren({ children }: SupervisorFlags): void {
    const { roster } = this.#supervising;
    for (const spec of children) {
      const child = roster.get(spec.id) ?? this.#adoptStopped(spec);
      child.spec = spec;
      this.#noteSignificance(child);
    }
    roster.reorder(children.map(({ id }) => id));
  }

  #adoptStopped(spec: ResolvedChildSpec): Child {
    const child = this.#supervising.adopt(spec, 'recalled');
    child.state = 'stopped';
    return child;
  }

  #noteSignificance(child: Child): void {
    const { significant } = this.#supervising.roster;
    if (child.spec.significant && (isLive(child) || isRestarting(child))) significant.add(child);
    else significant.delete(child);
  }

  #isSimple(): boolean {
    return this.#supervising.flags().strategy === 'simple_one_for_one';
  }
}

function alreadyStarted(ref: NonNullable<Child['ref']>): StartResult {
  return err({ kind: 'already-started', ref });
}

/** Somebody else's start of the same child has come out so. */
function asPresent(started: Started): StartResult {
  if (!started.ok) return started;
  return started.value.ref ? alreadyStarted(started.value.ref) : err({ kind: 'already-present' });
}
