import type { Page, Route } from 'playwright-core'

/** The first request of this method to such an address is handled so; reads of the same address are left alone. */
export async function routeOnce(
  page: Page,
  method: 'POST' | 'PATCH',
  address: string,
  handle: (route: Route) => Promise<void>,
): Promise<void> {
  let handled = false
  await page.route(address, (route) => {
    if (handled || route.request().method() !== method) return route.continue()
    handled = true
    return handle(route)
  })
}
