import { setImmediate as nextTurn } from 'node:timers/promises';
import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify';
import { createJsonSchemaTransform } from 'fastify-type-provider-zod';

const DESCRIPTION =
  'The assistant over HTTP. Errors are `{error: {code, message, field?}}`. Show the token as `Authorization: Bearer`, or use the cookie that a login link brings.';

const HEAD = {
  openapi: '3.1.0',
  components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } as const } },
  security: [{ bearer: [] }],
};

/**
 * `GET /api/openapi.json`, made when it is first asked for from the schemas that check what comes in. Before the first
 * of the routes that it is to describe.
 */
export async function describeRoutes(app: FastifyInstance, version: string): Promise<void> {
  const described: RouteOptions[] = [];
  const converted = new Map<FastifySchema, FastifySchema>();
  app.addHook('onRoute', (route) => {
    if (route.schema !== undefined && !route.schema.hide) described.push(route);
  });
  await app.register(swagger, {
    openapi: { ...HEAD, info: { title: 'Ironbark', version, description: DESCRIPTION } },
    transform: ({ schema, url, route }) => ({ schema: converted.get(schema) ?? convert(route), url }),
  });
  let document: Promise<string> | undefined;

  /** The schemas take a millisecond each, so that the event loop gets its turn between them. */
  async function make(): Promise<string> {
    for (const route of described) {
      if (route.schema !== undefined) converted.set(route.schema, convert(route));
      await nextTurn();
    }
    return JSON.stringify(app.swagger());
  }

  app.get('/api/openapi.json', { schema: { hide: true } }, async (_, reply) => {
    document ??= make();
    return reply.type('application/json; charset=utf-8').send(await document);
  });
}

const transform = createJsonSchemaTransform({ zodToJsonConfig: { unrepresentable: 'any' } });

const convert = (route: RouteOptions): FastifySchema =>
  transform({ schema: route.schema ?? {}, url: route.url, route, openapiObject: HEAD }).schema;
