import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Api } from './api/api.ts';
import type { ApiContext } from './api/context.ts';
import type { GatewayLog } from './log.ts';

/** The API, loaded when somebody first asks for it: a start, and an idle process, cost nothing of it. */
export interface LazyApi {
  handle(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

/** Which requests are for the API. The rest are the page's, login and health. */
export const isForApi = (url = '') => /^\/(api|v1|webhook)(\/|\?|$)/.test(url);

export function createLazyApi(context: () => ApiContext, log: GatewayLog): LazyApi {
  let loading: Promise<Api> | undefined;
  let api: Api | undefined;

  async function load(): Promise<Api> {
    const { createApi } = await import('./api/api.ts');
    api = await createApi(context());
    return api;
  }

  function fail(error: unknown, response: ServerResponse): void {
    loading = undefined;
    log.error({ err: error }, 'the API could not be loaded');
    const body = { error: { code: 'internal', message: 'The API could not be loaded. The log says why.' } };
    response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  return {
    handle(request, response) {
      if (api !== undefined) return api.handle(request, response);
      loading ??= load();
      loading.then(
        (loaded) => loaded.handle(request, response),
        (error: unknown) => fail(error, response),
      );
    },
    async close() {
      await (await loading?.catch(() => undefined))?.close();
    },
  };
}
