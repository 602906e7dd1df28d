import type { IRouter, RequestHandler } from 'express';
import type { z } from 'zod';
import { jsonBody } from './input.ts';
import { localsOf } from './locals.ts';
import { methodNotAllowed } from './middleware/problems.ts';
import type { Operation } from './openapi/operation.ts';

/**
 * One method of one path, as data: what it is called in log and metrics, what `Allow` says, and its part of the OpenAPI document follow from
 * this.
 *
 * @typeParam Parts what the handler is made of
 */
export type Route<Parts> = {
  /** `get` answers HEAD, too. */
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As Express has it: `/v1/nodes/:region/:id`. */
  readonly path: `/${string}`;
  /** A JSON body is read into `req.body`, and not yet held against its schema. Default: none is read. */
  readonly body?: { readonly schema: z.ZodType; readonly required: boolean };
  /** Undefined: the OpenAPI document leaves the route out. */
  readonly operation: Operation | undefined;
  /** Called once, at the start. */
  readonly createHandler: (parts: Parts) => RequestHandler;
};

/** What stands before the handlers of some routes. */
export type Steps<Each> = {
  /** For every method of a path, also those that it does not have. */
  readonly ofPath?: readonly RequestHandler[];
  /** For one route, before its body is read. */
  readonly ofRoute?: (route: Each) => readonly RequestHandler[];
  /** For the methods that a path does not have, before they are refused. */
  readonly ofOtherMethods?: readonly RequestHandler[];
  /** Bytes; default: as `jsonBody` has it. */
  readonly bodyMaxBytes?: number;
};

/** Mounts routes in their order, each path once. All methods that a path does not have are refused with those that it has. */
export function mountRoutes<Parts, Each extends Route<Parts>>(
  router: IRouter,
  routes: readonly Each[],
  parts: Parts,
  { ofPath = [], ofRoute = () => [], ofOtherMethods = [], bodyMaxBytes }: Steps<Each> = {},
): void {
  for (const path of new Set(routes.map((each) => each.path))) {
    const ofThisPath = routes.filter((each) => each.path === path);
    const mounted = router.route(path).all(named(patternOf(path)), ...ofPath);
    for (const route of ofThisPath) {
      const readBody = route.body === undefined ? [] : jsonBody(bodyMaxBytes);
      mounted[route.method](...ofRoute(route), ...readBody, route.createHandler(parts));
    }
    mounted.all(...ofOtherMethods, methodNotAllowed(...ofThisPath.flatMap(methodsOf)));
  }
}

function methodsOf({ method }: Pick<Route<never>, 'method'>): readonly string[] {
  return method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()];
}

/** A path as log, metrics and the OpenAPI document have it: `/v1/nodes/{region}/{id}`. */
export function patternOf(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

/** Says under which name the request goes into log and metrics: the route's pattern, never what a caller wrote. */
export function named(pattern: string): RequestHandler {
  return (_req, res, next) => {
    localsOf(res).route = pattern;
    next();
  };
}
