/** Where a module stands in its job: `loop/3/write` is module write in round 3 of loop. */
export function stepPath(parent: string, part: string | number): string {
  return parent === '' ? String(part) : `${parent}/${part}`
}
