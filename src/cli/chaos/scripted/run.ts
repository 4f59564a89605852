import { type Course, type Plan, runCampaign } from '../campaign.ts';
import type { Time } from '../fault.ts';
import { createRandom } from '../random.ts';
import { createScriptedModel } from './model.ts';
import { openStage, type Stage } from './stage.ts';
import { Talk } from './talk.ts';
import { createRunLedger } from './tools.ts';
import { judge, type LoadReport } from './verdict.ts';

/** A campaign against an assistant of its own, with what became of the conversations that it had meanwhile. */
export interface ScriptedCourse extends Course {
  readonly load: LoadReport;
}

const CONVERSATIONS = 8;
/** How long the last answers may take once nothing is put in their way any more. */
const ANSWER_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 2;

/**
 * Starts an assistant in a temporary home with a scripted model, talks to it in several conversations without pause
 * while the faults come, waits for the last answers, stops it, and compares what was said, what really ran and what is
 * on disk.
 */
export async function runScripted(plan: Plan, time: Time, signal?: AbortSignal): Promise<ScriptedCourse> {
  const ledger = createRunLedger();
  await using stage = await openStage({
    // Not the generator that chooses victims: its choices must not depend on how the conversations go.
    model: createScriptedModel(createRandom(plan.seed + 1)),
    tools: ledger.tools,
  });
  const patience = new AbortController();
  const talks = openTalks(stage, plan.seed, patience.signal);
  let talking = true;
  const talked = Promise.all(talks.map((talk) => talk.goOn(() => talking)));
  const options = { subject: stage.subject, time, lookEveryMs: LOOK_EVERY_MS };
  const course = await runCampaign(plan, signal ? { ...options, signal } : options);
  talking = false;
  const timer = setTimeout(() => patience.abort(), ANSWER_LIMIT_MS);
  await talked;
  clearTimeout(timer);
  // What came after its last answer belongs to a talk as well: a second one, for instance.
  for (const talk of talks) await talk.read();
  const load = judge(talks, ledger);
  return { ...course, load, problems: [...course.problems, ...load.problems, ...(await stage.close())] };
}

function openTalks({ assistant }: Stage, seed: number, patience: AbortSignal): readonly Talk[] {
  return Array.from(
    { length: CONVERSATIONS },
    (_, place) =>
      new Talk({
        partner: assistant,
        id: `talk-${place + 1}`,
        random: createRandom(seed + 2 + place),
        patience,
      }),
  );
}
