import { type ComponentType, use } from 'react'

/** A page's code did not come: the server is away, or has a newer console than this window. */
export class PageNotLoaded extends Error {
  constructor(cause: unknown) {
    super('This page could not be loaded.', { cause })
    this.name = 'PageNotLoaded'
  }
}

export type LazyPage<P> = ComponentType<P> & { preload: () => void }

const failed = new Set<() => void>()

/** Pages whose code did not come are asked for again when they are shown next. */
export function forgetFailedPages(): void {
  for (const forget of failed) forget()
  failed.clear()
}

/** A page whose code is fetched when it is opened, or when somebody is about to (`preload`). */
export function lazyPage<P extends object>(load: () => Promise<ComponentType<P>>): LazyPage<P> {
  let Page: ComponentType<P> | undefined
  let loading: Promise<ComponentType<P>> | undefined
  const fetched = () => {
    loading ??= load().then(
      (loaded) => {
        Page = loaded
        return loaded
      },
      (cause) => {
        failed.add(() => {
          loading = undefined
        })
        throw new PageNotLoaded(cause)
      },
    )
    return loading
  }
  const Lazy = (props: P) => {
    const Loaded = Page ?? use(fetched())
    return <Loaded {...props} />
  }
  return Object.assign(Lazy, { preload: () => void fetched().catch(() => {}) })
}
