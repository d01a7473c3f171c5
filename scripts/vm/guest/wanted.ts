/** Whether `name` has one of the words of `only` (`a,b`) in it, or with `!a,b` none of them. */
export function isWanted(name: string, only: string): boolean {
  if (only.startsWith('!')) return !isWanted(name, only.slice(1));
  return only.split(',').some((word) => name.includes(word));
}
