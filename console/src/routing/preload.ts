let preloader: (path: string) => void = () => {}

/** Fetches the code of the page at `to` before it is opened. */
export const preload = (to: string): void => preloader(to.replace(/[?#].*/, ''))

/** Said once by the table of pages, which links must not import: pages are made of links. */
export function preloadBy(load: (path: string) => void): void {
  preloader = load
}
