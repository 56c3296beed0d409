// The description of the API, made from the routes of the contract (OpenAPI 3.1).

import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { RouteConfig } from '@hono/zod-openapi';
import type { BytesAnswer, Endpoint } from './contract/endpoint.ts';
import { faultRule, presetOptions } from './contract/faults.ts';
import { errors } from './contract/errors.ts';
import { json } from './contract/lists.ts';
import { frame } from './contract/live.ts';
import { receiverRule } from './contract/receivers.ts';
import * as accounts from './contract/routes/accounts.ts';
import * as archive from './contract/routes/archive.ts';
import * as faults from './contract/routes/faults.ts';
import * as message from './contract/routes/message.ts';
import * as messages from './contract/routes/messages.ts';
import * as receivers from './contract/routes/receivers.ts';
import * as sandbox from './contract/routes/sandbox.ts';
import * as server from './contract/routes/server.ts';

/** Every route there is. */
export const ENDPOINTS: readonly Endpoint[] = [messages, archive, message, accounts, faults, receivers, sandbox, server].flatMap((routes) =>
  Object.values<Endpoint>(routes),
);

type Responses = RouteConfig['responses'];

function bytesAnswers(status: number, { description, types, also = {}, headers = {} }: BytesAnswer): Responses {
  const content = Object.fromEntries(types.map((type) => [type, { schema: z.string().openapi({ format: 'binary' }) }]));
  return {
    [status]: {
      description,
      ...(types.length > 0 && { content }),
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [name, { description: text, schema: { type: 'string' as const } }]),
      ),
    },
    ...Object.fromEntries(Object.entries(also).map(([other, text]) => [other, { description: text }])),
  };
}

function requestOf({ query, params, body, rfc822, upload = [] }: Endpoint): RouteConfig['request'] {
  const uploads = [...(rfc822 ? ['message/rfc822'] : []), ...upload];
  const content = {
    ...(body && { 'application/json': { schema: body } }),
    ...Object.fromEntries(uploads.map((type) => [type, { schema: z.string().openapi({ format: 'binary' }) }])),
  };
  return {
    ...(query && { query: query as z.ZodObject }),
    ...(params && { params: params as z.ZodObject }),
    ...(Object.keys(content).length > 0 && { body: { content } }),
  };
}

/** `base` is the path under which `/v1` lies. */
export function describeApi(version: string, base: string): object {
  const app = new OpenAPIHono();
  const registry = app.openAPIRegistry;
  registry.register('Frame', frame);
  registry.register('FaultRule', faultRule);
  registry.register('ReceiverRule', receiverRule);
  registry.register('PresetOptions', presetOptions);
  for (const endpoint of ENDPOINTS) {
    const { answer, status = 200, description } = endpoint;
    const request = requestOf(endpoint);
    registry.registerPath({
      method: endpoint.method,
      path: endpoint.path,
      tags: [endpoint.tag],
      summary: endpoint.summary,
      ...(description !== undefined && { description }),
      ...(request && { request }),
      responses: {
        ...(answer instanceof z.ZodType ? { [status]: json(answer, 'Done') } : bytesAnswers(status, answer)),
        ...errors(...endpoint.errors, 500),
      },
    });
  }
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Mailrig', version, description: 'A test rig for mail: what was sent, how it came, and how it was read.' },
    servers: [{ url: `${base}/v1` }],
  });
}
