import type { IRouter, RequestHandler } from 'express';
import type { z } from 'zod';
import { jsonBody } from './input.ts';
import { localsOf } from './locals.ts';
import { methodNotAllowed } from './middleware/problems.ts';
import type { Operation } from './openapi/operation.ts';

/**
 * One method of one path, as data. From this data come the name of the route in log and metrics, the `Allow` header, and the part of the route in
 * the OpenAPI document.
 *
 * @typeParam Parts the dependencies of the handler
 */
export type Route<Parts> = {
  /** `get` also handles HEAD. */
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** In Express syntax: `/v1/nodes/:region/:id`. */
  readonly path: `/${string}`;
  /** If set, a JSON body is read into `req.body`. The handler checks it against the schema. Default: no body is read. */
  readonly body?: { readonly schema: z.ZodType; readonly required: boolean };
  /** If undefined, the OpenAPI document omits the route. */
  readonly operation: Operation | undefined;
  /** Called once, at the start. */
  readonly createHandler: (parts: Parts) => RequestHandler;
};

/** Middleware that runs before the handlers of routes. */
export type MountOptions<Each> = {
  /** For every method of a path, including unsupported ones. */
  readonly beforePath?: readonly RequestHandler[];
  /** For one route, before its body is read. */
  readonly beforeRoute?: (route: Each) => readonly RequestHandler[];
  /** For unsupported methods of a path, before they are rejected. */
  readonly beforeOtherMethods?: readonly RequestHandler[];
  /** Maximum body size, bytes. Default: the default of `jsonBody`. */
  readonly bodyMaxBytes?: number;
};

/** Mounts routes in their order. Methods that a path does not support are rejected with 405 and `Allow`. */
export function mountRoutes<Parts, Each extends Route<Parts>>(
  router: IRouter,
  routes: readonly Each[],
  parts: Parts,
  { beforePath = [], beforeRoute = () => [], beforeOtherMethods = [], bodyMaxBytes }: MountOptions<Each> = {},
): void {
  for (const path of new Set(routes.map((each) => each.path))) {
    const ofThisPath = routes.filter((each) => each.path === path);
    const mounted = router.route(path).all(setRouteName(patternOf(path)), ...beforePath);
    for (const route of ofThisPath) {
      const readBody = route.body === undefined ? [] : jsonBody(bodyMaxBytes);
      mounted[route.method](...beforeRoute(route), ...readBody, route.createHandler(parts));
    }
    mounted.all(...beforeOtherMethods, methodNotAllowed(...ofThisPath.flatMap(methodsOf)));
  }
}

function methodsOf({ method }: Pick<Route<never>, 'method'>): readonly string[] {
  return method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()];
}

/** Converts an Express path to the notation of log, metrics and OpenAPI: `/v1/nodes/{region}/{id}`. */
export function patternOf(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

/** Sets the name of the route in log and metrics. The name is the pattern of the route, never the path that the caller sent. */
export function setRouteName(pattern: string): RequestHandler {
  return (_req, res, next) => {
    localsOf(res).route = pattern;
    next();
  };
}
