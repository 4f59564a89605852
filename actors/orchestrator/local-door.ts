import { fromCallback } from 'xstate';
import type { ContainerJobs } from './container-jobs.ts';

export interface LocalDoorInput {
  readonly jobs: ContainerJobs;
  readonly port: number;
}

/** The orchestrator on this machine alone, beside the sockets of the containers. One that cannot listen crashes. */
export const localDoor = fromCallback<{ type: 'trouble'; error: unknown }, LocalDoorInput>(
  ({ input: { jobs, port }, receive, self }) => {
    receive(({ error }) => {
      throw error;
    });
    const opened = jobs.parts().orchestrator.listenLocally(port);
    opened.catch((error: unknown) => self.send({ type: 'trouble', error }));
    return () => void opened.then((door) => door.close()).catch(() => undefined);
  },
);
