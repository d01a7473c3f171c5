/** The table of routes: what each role may reach. What is not here is refused. */
import { adminRoutes } from './admin-routes.ts';
import { alertRoutes } from './alert-routes.ts';
import { orderRoutes } from './order-routes.ts';
import { publicRoutes } from './public-routes.ts';
import { recordRoutes } from './record-routes.ts';
import { robotRoutes } from './robot-routes.ts';
import type { Route } from './route.ts';
import type { RouteParts } from './shared.ts';

export function routesOf(parts: RouteParts): readonly Route[] {
  return [
    ...publicRoutes(parts),
    ...robotRoutes(parts),
    ...orderRoutes(parts),
    ...recordRoutes(parts),
    ...alertRoutes(parts),
    ...adminRoutes(parts),
  ];
}

/** For documents: the same routes, of which none can be called. */
export const describedRoutes = (): readonly Route[] => routesOf({} as RouteParts);
