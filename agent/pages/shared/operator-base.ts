/**
 * What stands before the paths of the page for the person beside the robot: `/<key>/`, with the key
 * of the printed address (server/operator-key.ts). `/` where it is served without one.
 */
export function operatorBase(pathname: string): string {
  return /^\/[\w-]{43}\//.exec(pathname)?.[0] ?? '/';
}
